using System.Text;

namespace Littlebox.Images.Tests.Tools;

/// <summary>Writes archives by hand, such as no tar would: every field may be anything.</summary>
public sealed class TarWriter
{
    private readonly MemoryStream stream = new();

    public TarWriter Directory(string name, int mode = 0x1ed) => Entry(name, '5', mode: mode);

    public TarWriter File(string name, string content = "content\n") => Entry(name, '0', data: Encoding.UTF8.GetBytes(content));

    public TarWriter Link(string name, string target) => Entry(name, '2', target);

    public TarWriter HardLink(string name, string target) => Entry(name, '1', target);

    public TarWriter Pax(params (string Key, string Value)[] records) => Entry("./PaxHeaders/x", 'x', data: Records(records));

    public TarWriter Global(params (string Key, string Value)[] records) => Entry("./GlobalHead", 'g', data: Records(records));

    public TarWriter Entry(string name, char type, string link = "", byte[]? data = null, int mode = 0x1a4, string? size = null, Action<byte[]>? change = null, bool fixSum = true)
    {
        data ??= [];
        byte[] header = new byte[512];
        Encoding.Latin1.GetBytes(name).AsSpan(0, Math.Min(100, name.Length)).CopyTo(header);
        Put(header, 100, Octal(mode, 7));
        Put(header, 108, Octal(0, 7));
        Put(header, 116, Octal(0, 7));
        Put(header, 124, size ?? Octal(data.Length, 11));
        Put(header, 136, Octal(1_700_000_000, 11));
        header[156] = (byte)type;
        Put(header, 157, link);
        Put(header, 257, "ustar\00000");
        change?.Invoke(header);
        if (fixSum) Sum(header);
        stream.Write(header);
        stream.Write(data);
        stream.Write(new byte[-data.Length & 511]);
        return this;
    }

    public TarWriter Raw(byte[] bytes)
    {
        stream.Write(bytes);
        return this;
    }

    /// <summary>The archive, with its end marker.</summary>
    public byte[] End()
    {
        stream.Write(new byte[1024]);
        return stream.ToArray();
    }

    public byte[] WithoutEnd() => stream.ToArray();

    public static void Put(byte[] header, int offset, string text) => Encoding.Latin1.GetBytes(text).CopyTo(header, offset);

    public static string Octal(long value, int digits) => Convert.ToString(value, 8).PadLeft(digits, '0') + "\0";

    /// <summary>Makes a header's checksum right.</summary>
    public static void Sum(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte value in header[..512]) sum += value;
        Encoding.Latin1.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(header[148..]);
    }

    /// <summary>Pax records; a character is a byte.</summary>
    public static byte[] Records(params (string Key, string Value)[] records)
    {
        var text = new StringBuilder();
        foreach ((string key, string value) in records)
        {
            string body = $" {key}={value}\n";
            int length = body.Length + 1;
            while (length != body.Length + length.ToString().Length) length = body.Length + length.ToString().Length;
            text.Append(length).Append(body);
        }
        return Encoding.Latin1.GetBytes(text.ToString());
    }
}
