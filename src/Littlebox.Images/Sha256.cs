using System.Buffers.Binary;
using System.Numerics;

namespace Littlebox.Images;

/// <summary>
/// SHA-256 (FIPS 180-4), of our own: the runtime's loads OpenSSL when it is first used, which costs milliseconds, and which a static binary cannot.
/// Threads: one at a time.
/// </summary>
public sealed class Sha256
{
    private static ReadOnlySpan<uint> Constants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private readonly uint[] hash = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    private readonly byte[] pending = new byte[64];
    private readonly uint[] schedule = new uint[64];
    private int count;
    private ulong length;

    /// <summary>The hash of <paramref name="data"/>: 32 bytes.</summary>
    public static byte[] Of(ReadOnlySpan<byte> data)
    {
        var whole = new Sha256();
        whole.Add(data);
        return whole.Finish();
    }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        length += (ulong)data.Length;
        if (count > 0)
        {
            int part = Math.Min(64 - count, data.Length);
            data[..part].CopyTo(pending.AsSpan(count));
            count += part;
            data = data[part..];
            if (count < 64) return;
            Block(pending);
            count = 0;
        }
        for (; data.Length >= 64; data = data[64..]) Block(data[..64]);
        data.CopyTo(pending);
        count = data.Length;
    }

    /// <summary>The hash of all that was added: 32 bytes. Nothing may be added afterwards.</summary>
    public byte[] Finish()
    {
        ulong bits = length * 8;
        pending[count++] = 0x80;
        if (count > 56)
        {
            pending.AsSpan(count).Clear();
            Block(pending);
            count = 0;
        }
        pending.AsSpan(count).Clear();
        BinaryPrimitives.WriteUInt64BigEndian(pending.AsSpan(56), bits);
        Block(pending);
        byte[] result = new byte[32];
        for (int i = 0; i < 8; i++) BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(4 * i), hash[i]);
        return result;
    }

    private void Block(ReadOnlySpan<byte> block)
    {
        uint[] w = schedule;
        for (int i = 0; i < 16; i++) w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        for (int i = 16; i < 64; i++)
        {
            uint s0 = BitOperations.RotateRight(w[i - 15], 7) ^ BitOperations.RotateRight(w[i - 15], 18) ^ (w[i - 15] >> 3);
            uint s1 = BitOperations.RotateRight(w[i - 2], 17) ^ BitOperations.RotateRight(w[i - 2], 19) ^ (w[i - 2] >> 10);
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        uint a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5], g = hash[6], h = hash[7];
        for (int i = 0; i < 64; i++)
        {
            uint s1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            uint t1 = h + s1 + ((e & f) ^ (~e & g)) + Constants[i] + w[i];
            uint s0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            uint t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }
        hash[0] += a; hash[1] += b; hash[2] += c; hash[3] += d; hash[4] += e; hash[5] += f; hash[6] += g; hash[7] += h;
    }
}
