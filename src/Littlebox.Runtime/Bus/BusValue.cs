namespace Littlebox.Runtime.Bus;

/// <summary>A value of D-Bus with its type (D-Bus specification, Type System): what a variant holds. Immutable.</summary>
public abstract record BusValue
{
    /// <summary>The type, as D-Bus writes it: <c>s</c>, <c>t</c>, <c>a(ss)</c> …</summary>
    public abstract string Signature { get; }

    /// <summary>A string.</summary>
    public static BusValue Of(string text) => new BusText('s', text);

    /// <summary>A boolean.</summary>
    public static BusValue Of(bool value) => new BusNumber('b', value ? 1u : 0u);

    /// <summary>An unsigned number of 64 bits.</summary>
    public static BusValue Of(ulong value) => new BusNumber('t', value);

    /// <summary>Bytes: <c>ay</c>.</summary>
    public static BusValue Of(ReadOnlySpan<byte> bytes)
    {
        var items = new BusValue[bytes.Length];
        for (int i = 0; i < items.Length; i++) items[i] = new BusNumber('y', bytes[i]);
        return new BusArray("y", items);
    }

    /// <summary>Writes the value, without its type.</summary>
    public abstract void Write(BusWriter writer);
}

/// <summary>A boolean or a number.</summary>
/// <param name="Type"><c>b y n q i u x t d</c>.</param>
/// <param name="Bits">The value: signed ones and floating-point ones as their bits.</param>
public sealed record BusNumber(char Type, ulong Bits) : BusValue
{
    /// <inheritdoc/>
    public override string Signature => Type.ToString();

    /// <inheritdoc/>
    public override void Write(BusWriter writer) => writer.Number(Bits, BusWriter.AlignmentOf(Type));
}

/// <summary>A string, the path of an object, or a signature.</summary>
/// <param name="Type"><c>s o g</c>.</param>
/// <param name="Text">The text, without NUL.</param>
public sealed record BusText(char Type, string Text) : BusValue
{
    /// <inheritdoc/>
    public override string Signature => Type.ToString();

    /// <inheritdoc/>
    public override void Write(BusWriter writer)
    {
        if (Type == 'g') writer.Signature(Text);
        else writer.Text(Text);
    }
}

/// <summary>An array.</summary>
/// <param name="Element">The type of each item.</param>
/// <param name="Items">The items.</param>
public sealed record BusArray(string Element, IReadOnlyList<BusValue> Items) : BusValue
{
    /// <inheritdoc/>
    public override string Signature => "a" + Element;

    /// <inheritdoc/>
    public override void Write(BusWriter writer) => writer.Array(BusWriter.AlignmentOf(Element[0]), Items, static (to, item) => item.Write(to));
}

/// <summary>A structure.</summary>
/// <param name="Items">Its fields, one at least.</param>
public sealed record BusTuple(IReadOnlyList<BusValue> Items) : BusValue
{
    /// <inheritdoc/>
    public override string Signature => $"({string.Concat(Items.Select(static item => item.Signature))})";

    /// <inheritdoc/>
    public override void Write(BusWriter writer)
    {
        writer.Align(8);
        foreach (BusValue item in Items) item.Write(writer);
    }
}
