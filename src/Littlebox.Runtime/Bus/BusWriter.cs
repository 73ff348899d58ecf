using System.Buffers.Binary;
using System.Text;
using Littlebox.Linux;

namespace Littlebox.Runtime.Bus;

/// <summary>Marshals values in little-endian order (D-Bus specification, Marshaling): each aligned to its own size, counted from the start of the message.</summary>
public sealed class BusWriter
{
    private byte[] buffer = new byte[512];
    private int length;

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    /// <summary>The alignment of a type by the first letter of its signature, in bytes.</summary>
    /// <exception cref="LittleboxException">There is no such type.</exception>
    public static int AlignmentOf(char type) => type switch
    {
        'y' or 'g' or 'v' => 1,
        'n' or 'q' => 2,
        'b' or 'i' or 'u' or 'h' or 's' or 'o' or 'a' => 4,
        'x' or 't' or 'd' or '(' or '{' => 8,
        _ => throw new LittleboxException(ErrorKind.InvalidArgument, $"D-Bus has no type “{type}”"),
    };

    /// <summary>Writes zeros up to a multiple of <paramref name="alignment"/>.</summary>
    public void Align(int alignment)
    {
        int padding = -length & (alignment - 1);
        Space(padding).Clear();
    }

    /// <summary>A byte.</summary>
    public void Byte(byte value) => Space(1)[0] = value;

    /// <summary>A number of 1, 2, 4 or 8 bytes: the lowest ones of <paramref name="bits"/>.</summary>
    public void Number(ulong bits, int size)
    {
        Align(size);
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(all, bits);
        all[..size].CopyTo(Space(size));
    }

    /// <summary>An unsigned number of 32 bits.</summary>
    public void UInt32(uint value) => Number(value, 4);

    /// <summary>A string, or the path of an object.</summary>
    /// <exception cref="LittleboxException">It has a NUL, which a string of D-Bus cannot have.</exception>
    public void Text(string text)
    {
        Refuse(text);
        UInt32((uint)Encoding.UTF8.GetByteCount(text));
        Raw(text);
    }

    /// <summary>A signature, at most 255 bytes.</summary>
    /// <exception cref="LittleboxException">It is longer, or has a NUL.</exception>
    public void Signature(string signature)
    {
        Refuse(signature);
        if (signature.Length > 255) throw new LittleboxException(ErrorKind.InvalidArgument, "a signature of D-Bus has at most 255 bytes");
        Byte((byte)signature.Length);
        Raw(signature);
    }

    /// <summary>A variant: the type, then the value.</summary>
    public void Variant(BusValue value)
    {
        Signature(value.Signature);
        value.Write(this);
    }

    /// <summary>An array: its length in bytes, the padding to its first item, which does not count, and the items.</summary>
    /// <param name="alignment">The alignment of an item.</param>
    /// <param name="items">The items.</param>
    /// <param name="write">Writes one of them.</param>
    public void Array<T>(int alignment, IEnumerable<T> items, Action<BusWriter, T> write)
    {
        UInt32(0);
        int at = length - 4;
        Align(alignment);
        int begin = length;
        foreach (T item in items)
        {
            Align(alignment);
            write(this, item);
        }
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(at), length - begin);
    }

    /// <summary>Bytes as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Space(bytes.Length));

    private void Raw(string text)
    {
        Encoding.UTF8.GetBytes(text, Space(Encoding.UTF8.GetByteCount(text)));
        Byte(0);
    }

    private static void Refuse(string text)
    {
        if (text.Contains('\0')) throw new LittleboxException(ErrorKind.InvalidArgument, "a string of D-Bus cannot have a NUL");
    }

    private Span<byte> Space(int size)
    {
        if (buffer.Length - length < size) System.Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + size));
        length += size;
        return buffer.AsSpan(length - size, size);
    }
}
