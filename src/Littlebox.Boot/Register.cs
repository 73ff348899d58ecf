namespace Littlebox.Boot;

/// <summary>A place for what is known only when the program runs, such as a descriptor that it opens.</summary>
/// <param name="Index">0 to 131071; -1 means no register.</param>
public readonly record struct Register(int Index)
{
    /// <summary>No register.</summary>
    public static Register None => new(-1);
}

/// <summary>A place in the program's data block.</summary>
/// <param name="Offset">Bytes from its start.</param>
public readonly record struct Data(int Offset);

/// <summary>A place in the program to go on at.</summary>
public sealed class Label
{
    /// <summary>Index of the operation, -1 until it is placed.</summary>
    internal int Index { get; set; } = -1;
}

/// <summary>An argument of an operation: a number, the address of data, or what a register will hold.</summary>
public readonly struct Argument
{
    private Argument(long value, ArgumentKind kind)
    {
        Value = value;
        Kind = kind;
    }

    internal long Value { get; }

    internal ArgumentKind Kind { get; }

    /// <summary>A number.</summary>
    public static implicit operator Argument(long value) => new(value, ArgumentKind.Value);

    /// <summary>A number.</summary>
    public static implicit operator Argument(int value) => new(value, ArgumentKind.Value);

    /// <summary>The address of data; NULL for an offset of -1.</summary>
    public static implicit operator Argument(Data data) => data.Offset < 0 ? new(0, ArgumentKind.Value) : new(data.Offset, ArgumentKind.Data);

    /// <summary>What the register holds.</summary>
    public static implicit operator Argument(Register register) => new(register.Index, ArgumentKind.Register);
}
