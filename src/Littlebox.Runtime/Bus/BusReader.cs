using System.Buffers.Binary;
using System.Text;
using Littlebox.Linux;

namespace Littlebox.Runtime.Bus;

/// <summary>Reads marshalled values (D-Bus specification, Marshaling). Nothing is read beyond the bytes that are there, and no length is believed before it is compared with them.</summary>
/// <param name="bytes">The message, or its body: alignment counts from their start.</param>
/// <param name="isBigEndian">The byte order.</param>
public ref struct BusReader(ReadOnlySpan<byte> bytes, bool isBigEndian)
{
    // The specification: 32 arrays and 32 structures within each other; and variants, which it does not count.
    private const int DeepestNesting = 64;

    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>How many bytes have been read.</summary>
    public int Position { get; private set; }

    /// <summary>True behind the last byte.</summary>
    public readonly bool IsAtEnd => Position >= bytes.Length;

    /// <summary>Goes on to a multiple of <paramref name="alignment"/>.</summary>
    public void Align(int alignment) => Take(-Position & (alignment - 1));

    /// <summary>A byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>An unsigned number of 32 bits.</summary>
    public uint UInt32()
    {
        Align(4);
        ReadOnlySpan<byte> four = Take(4);
        return isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(four) : BinaryPrimitives.ReadUInt32LittleEndian(four);
    }

    /// <summary>A string, or the path of an object. Bytes that are not UTF-8 become U+FFFD.</summary>
    public string Text() => Terminated(UInt32());

    /// <summary>A signature.</summary>
    public string Signature() => Terminated(Byte());

    /// <summary>The length of an array in bytes; behind it the first item.</summary>
    /// <param name="element">The alignment of an item.</param>
    public int Array(int element)
    {
        uint length = UInt32();
        Align(element);
        if (length > bytes.Length - Position) throw Bad("an array is longer than its message");
        return (int)length;
    }

    /// <summary>A variant that holds text (<c>s</c>, <c>o</c>, <c>g</c>); <c>null</c> where it holds something else, which is passed over.</summary>
    public string? TextVariant()
    {
        string type = Signature();
        if (type is "s" or "o") return Text();
        if (type is "g") return Signature();
        SkipAll(type);
        return null;
    }

    /// <summary>Passes over a value of one complete type, or of several.</summary>
    public void SkipAll(ReadOnlySpan<char> signature, int depth = 0)
    {
        while (!signature.IsEmpty) Skip(ref signature, depth);
    }

    private void Skip(ref ReadOnlySpan<char> signature, int depth)
    {
        if (depth > DeepestNesting) throw Bad("a value is nested too deeply");
        if (signature.IsEmpty) throw Bad("a signature ends too early");
        char type = signature[0];
        switch (type)
        {
            case 'y' or 'n' or 'q' or 'b' or 'i' or 'u' or 'h' or 'x' or 't' or 'd':
                Align(BusWriter.AlignmentOf(type));
                Take(BusWriter.AlignmentOf(type));
                signature = signature[1..];
                break;
            case 's' or 'o':
                Text();
                signature = signature[1..];
                break;
            case 'g':
                Signature();
                signature = signature[1..];
                break;
            case 'v':
                SkipAll(Signature(), depth + 1);
                signature = signature[1..];
                break;
            case 'a':
                signature = signature[1..];
                int one = LengthOfOne(signature);
                // Its length says where it ends, whatever is in it.
                Take(Array(BusWriter.AlignmentOf(signature[0])));
                signature = signature[one..];
                break;
            case '(':
                int end = LengthOfOne(signature);
                Align(8);
                SkipAll(signature[1..(end - 1)], depth + 1);
                signature = signature[end..];
                break;
            default:
                throw Bad($"there is no type “{type}”");
        }
    }

    // How many letters of a signature the first complete type takes.
    private static int LengthOfOne(ReadOnlySpan<char> signature)
    {
        int at = 0;
        while (at < signature.Length && signature[at] == 'a') at++;
        if (at == signature.Length) throw Bad("a signature ends too early");
        if (signature[at] is not ('(' or '{')) return at + 1;
        for (int open = 0; at < signature.Length; at++)
        {
            if (signature[at] is '(' or '{') open++;
            else if (signature[at] is ')' or '}' && --open == 0) return at + 1;
        }
        throw Bad("a signature ends too early");
    }

    private string Terminated(uint length)
    {
        if (length >= (uint)(bytes.Length - Position)) throw Bad("a string is longer than its message");
        string text = Encoding.UTF8.GetString(Take((int)length));
        if (Take(1)[0] != 0) throw Bad("a string does not end in a NUL");
        return text;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - Position) throw Bad("it ends too early");
        Position += count;
        return bytes.Slice(Position - count, count);
    }

    internal static LittleboxException Bad(string why) => new(ErrorKind.SystemError, $"a message of D-Bus cannot be read: {why}");
}
