using System.Buffers.Binary;

namespace Littlebox.Linux;

/// <summary>A message that the kernel has sent: its kind, and what stands behind the header.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Sequence">The number of the request that it answers.</param>
/// <param name="Payload">The fixed structure and the attributes.</param>
public sealed record NetlinkMessage(ushort Type, uint Sequence, ReadOnlyMemory<byte> Payload)
{
    private const int HeaderLength = 16, AttributeHeaderLength = 4;

    /// <summary>The messages of a datagram; one whose length makes no sense ends them.</summary>
    public static List<NetlinkMessage> Parse(ReadOnlyMemory<byte> datagram)
    {
        var messages = new List<NetlinkMessage>();
        while (datagram.Length >= HeaderLength)
        {
            ReadOnlySpan<byte> header = datagram.Span;
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(header);
            if (length < HeaderLength || length > datagram.Length) break;
            messages.Add(new(BinaryPrimitives.ReadUInt16LittleEndian(header[4..]), BinaryPrimitives.ReadUInt32LittleEndian(header[8..]), datagram[HeaderLength..(int)length]));
            datagram = datagram[Math.Min(datagram.Length, (int)length + 3 & ~3)..];
        }
        return messages;
    }

    /// <summary>The value of an attribute, empty where there is none.</summary>
    /// <param name="type">Its number.</param>
    /// <param name="fixedLength">The length of the structure before the attributes.</param>
    public ReadOnlySpan<byte> Attribute(ushort type, int fixedLength)
    {
        ReadOnlySpan<byte> rest = Payload.Span[Math.Min(Payload.Length, fixedLength)..];
        while (rest.Length >= AttributeHeaderLength)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (length < AttributeHeaderLength || length > rest.Length) break;
            // The upper two bits say how the value is to be read (NLA_F_NESTED, NLA_F_NET_BYTEORDER).
            if ((BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]) & 0x3fff) == type) return rest[AttributeHeaderLength..length];
            rest = rest[Math.Min(rest.Length, length + 3 & ~3)..];
        }
        return [];
    }
}
