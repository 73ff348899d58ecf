using System.Buffers.Binary;
using System.Text;

namespace Littlebox.Linux;

/// <summary>
/// A request of netlink(7): a header, a fixed structure, attributes. The length of an attribute is 16 bits wide: what does not fit is an error and never cut, since what is cut would be read as
/// attributes of their own (CVE-2021-43784).
/// </summary>
public sealed class NetlinkRequest
{
    private const int HeaderLength = 16, AttributeHeaderLength = 4;

    private readonly List<byte> bytes = [];

    /// <summary>Begins a request.</summary>
    /// <param name="type">Its kind, RTM_….</param>
    /// <param name="flags">NLM_F_….</param>
    /// <param name="body">The fixed structure behind the header, such as <c>struct ifinfomsg</c>.</param>
    public NetlinkRequest(ushort type, ushort flags, ReadOnlySpan<byte> body)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], flags);
        bytes.AddRange(header);
        Append(body);
    }

    /// <summary>Adds an attribute.</summary>
    /// <exception cref="ArgumentException">The value is longer than an attribute can be.</exception>
    public NetlinkRequest Add(ushort type, ReadOnlySpan<byte> value)
    {
        int length = AttributeHeaderLength + value.Length;
        if (length > ushort.MaxValue) throw new ArgumentException($"an attribute of netlink has {ushort.MaxValue - AttributeHeaderLength} bytes at most, and this one {value.Length}", nameof(value));
        Span<byte> header = stackalloc byte[AttributeHeaderLength];
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], type);
        bytes.AddRange(header);
        Append(value);
        return this;
    }

    /// <summary>Adds an attribute of 32 bits.</summary>
    public NetlinkRequest Add(ushort type, uint value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(four, value);
        return Add(type, four);
    }

    /// <summary>Adds an attribute of text, with a NUL behind.</summary>
    /// <exception cref="ArgumentException">The text contains a NUL.</exception>
    public NetlinkRequest Add(ushort type, string value)
    {
        if (value.Contains('\0')) throw new ArgumentException($"{Text.Strace.Quote(value)} contains a NUL character", nameof(value));
        return Add(type, Encoding.UTF8.GetBytes(value + "\0"));
    }

    /// <summary>The bytes of the request, with its length and a number in the header.</summary>
    public byte[] ToArray(uint sequence)
    {
        byte[] message = [.. bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(message, (uint)message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), sequence);
        return message;
    }

    // What follows begins at a multiple of four bytes.
    private void Append(ReadOnlySpan<byte> value)
    {
        bytes.AddRange(value);
        while (bytes.Count % 4 != 0) bytes.Add(0);
    }
}
