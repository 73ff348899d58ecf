using System.Buffers.Binary;

namespace Littlebox.Runtime.Bus;

/// <summary>The kinds of messages (D-Bus specification, Message Format).</summary>
public enum BusMessageType : byte
{
    /// <summary>None that we know: to be ignored.</summary>
    Unknown = 0,

    /// <summary>A call of a method.</summary>
    Call = 1,

    /// <summary>Its answer.</summary>
    Return = 2,

    /// <summary>Its failure.</summary>
    Error = 3,

    /// <summary>What somebody tells to all.</summary>
    Signal = 4,
}

/// <summary>A call of a method, to be sent.</summary>
/// <param name="Destination">Whose: a name on the bus.</param>
/// <param name="Path">Of which object.</param>
/// <param name="Interface">Of which interface.</param>
/// <param name="Member">The method.</param>
/// <param name="Signature">The types of its arguments.</param>
/// <param name="Body">Writes the arguments.</param>
public sealed record BusCall(string Destination, string Path, string Interface, string Member, string Signature = "", Action<BusWriter>? Body = null)
{
    /// <summary>Its bytes.</summary>
    /// <param name="serial">A number of its own on its connection, not 0.</param>
    public byte[] ToBytes(uint serial)
    {
        var body = new BusWriter();
        Body?.Invoke(body);
        var message = new BusWriter();
        message.Bytes([(byte)'l', (byte)BusMessageType.Call, 0, 1]);
        message.UInt32((uint)body.Written.Length);
        message.UInt32(serial);
        List<(byte Code, BusValue Value)> fields =
        [
            (1, new BusText('o', Path)), (6, new BusText('s', Destination)), (2, new BusText('s', Interface)), (3, new BusText('s', Member)),
        ];
        if (Signature.Length > 0) fields.Add((8, new BusText('g', Signature)));
        message.Array(8, fields, static (to, field) =>
        {
            to.Byte(field.Code);
            to.Variant(field.Value);
        });
        message.Align(8);
        message.Bytes(body.Written);
        return message.Written.ToArray();
    }
}

/// <summary>A message that has been received.</summary>
public sealed class BusMessage
{
    /// <summary>The length of the part of a message that says how long it is.</summary>
    public const int FixedLength = 16;

    /// <summary>The longest message that is read; the specification allows 128 MiB, and nothing that is asked for comes near.</summary>
    public const int Longest = 16 << 20;

    private readonly byte[] body;
    private readonly bool isBigEndian;

    private BusMessage(byte[] body, bool isBigEndian)
    {
        this.body = body;
        this.isBigEndian = isBigEndian;
    }

    /// <summary>What it is.</summary>
    public BusMessageType Type { get; private init; }

    /// <summary>The serial of the call that it answers; 0 for none.</summary>
    public uint Answers { get; private set; }

    /// <summary>The name of the signal or method.</summary>
    public string Member { get; private set; } = "";

    /// <summary>The interface of the signal or method.</summary>
    public string Interface { get; private set; } = "";

    /// <summary>The name of the error.</summary>
    public string Error { get; private set; } = "";

    /// <summary>The types in its body.</summary>
    public string Signature { get; private set; } = "";

    /// <summary>A reader of the body.</summary>
    public BusReader Body => new(body, isBigEndian);

    /// <summary>The length of a whole message.</summary>
    /// <param name="start">Its first <see cref="FixedLength"/> bytes.</param>
    /// <exception cref="Linux.LittleboxException">It is none, or longer than <see cref="Longest"/>.</exception>
    public static int LengthOf(ReadOnlySpan<byte> start)
    {
        bool isBig = IsBigEndian(start);
        if (start[3] != 1) throw BusReader.Bad($"its version is {start[3]}");
        ulong fields = Number(start[12..], isBig), whole = FixedLength + ((fields + 7) & ~7ul) + Number(start[4..], isBig);
        if (whole > Longest) throw BusReader.Bad($"it has {whole} bytes");
        return (int)whole;
    }

    /// <summary>Reads a whole message.</summary>
    /// <exception cref="Linux.LittleboxException">It is none.</exception>
    public static BusMessage Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FixedLength || LengthOf(bytes) != bytes.Length) throw BusReader.Bad("its length is not what it says");
        bool isBig = IsBigEndian(bytes);
        int bodyLength = (int)Number(bytes[4..], isBig);
        var message = new BusMessage(bytes[^bodyLength..].ToArray(), isBig) { Type = bytes[1] is >= 1 and <= 4 ? (BusMessageType)bytes[1] : BusMessageType.Unknown };
        var reader = new BusReader(bytes[..^bodyLength], isBig);
        reader.SkipAll("yyyyuu");
        for (int end = reader.Array(8) + reader.Position; reader.Position < end;)
        {
            reader.Align(8);
            byte code = reader.Byte();
            switch (code)
            {
                case 2: message.Interface = reader.TextVariant() ?? ""; break;
                case 3: message.Member = reader.TextVariant() ?? ""; break;
                case 4: message.Error = reader.TextVariant() ?? ""; break;
                case 8: message.Signature = reader.TextVariant() ?? ""; break;
                case 5:
                    if (reader.Signature() != "u") throw BusReader.Bad("the number of the call that it answers is no number");
                    message.Answers = reader.UInt32();
                    break;
                default: reader.SkipAll("v"); break;
            }
        }
        return message;
    }

    private static bool IsBigEndian(ReadOnlySpan<byte> start) => start[0] switch
    {
        (byte)'l' => false,
        (byte)'B' => true,
        _ => throw BusReader.Bad("its byte order is neither of the two"),
    };

    private static uint Number(ReadOnlySpan<byte> at, bool isBig) => isBig ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
}
