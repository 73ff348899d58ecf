using System.Buffers.Binary;

namespace Littlebox.Images.Compression.Xz;

/// <summary>CRC-64 of ECMA-182, reflected, polynomial 0xC96C5795D7870F42; four bytes at a time.</summary>
internal static class Crc64
{
    private static readonly ulong[][] Tables = MakeTables();

    public static ulong Update(ulong crc, ReadOnlySpan<byte> data)
    {
        ulong[] table0 = Tables[0], table1 = Tables[1], table2 = Tables[2], table3 = Tables[3];
        crc = ~crc;
        for (; data.Length >= 4; data = data[4..])
        {
            uint low = (uint)crc ^ BinaryPrimitives.ReadUInt32LittleEndian(data);
            crc = table3[(byte)low] ^ table2[(byte)(low >> 8)] ^ table1[(byte)(low >> 16)] ^ table0[low >> 24] ^ (crc >> 32);
        }
        foreach (byte value in data) crc = table0[(byte)crc ^ value] ^ (crc >> 8);
        return ~crc;
    }

    private static ulong[][] MakeTables()
    {
        ulong[][] tables = [new ulong[256], new ulong[256], new ulong[256], new ulong[256]];
        for (int i = 0; i < 256; i++)
        {
            ulong value = (ulong)i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ 0xC96C5795D7870F42 : value >> 1;
            tables[0][i] = value;
        }
        for (int i = 0; i < 256; i++)
        {
            for (int k = 1; k < 4; k++) tables[k][i] = tables[0][(byte)tables[k - 1][i]] ^ (tables[k - 1][i] >> 8);
        }
        return tables;
    }
}
