using System.Runtime.CompilerServices;
using System.Text;
using Littlebox.Linux.Text;

namespace Littlebox.Linux;

/// <summary>
/// The text of a system call, built only when the call has failed: <c>Check(result, $"close({Fd.Of(3)})")</c> formats nothing on success.
/// </summary>
[InterpolatedStringHandler]
public readonly ref struct CallText
{
    private readonly StringBuilder? text;

    /// <summary>Called by the compiler. <paramref name="wanted"/> is false when the call succeeded, and then no argument is evaluated.</summary>
    public CallText(int literalLength, int formattedCount, nint result, out bool wanted)
    {
        wanted = result is < 0 and >= -4095;
        text = wanted ? new StringBuilder(literalLength + 16 * formattedCount) : null;
    }

    /// <summary>Adds words of the format.</summary>
    public void AppendLiteral(string value) => text!.Append(value);

    /// <summary>Adds a string argument, quoted and escaped as strace does.</summary>
    public void AppendFormatted(string? value) => text!.Append(value is null ? "NULL" : Strace.Quote(value));

    /// <summary>Adds bytes, quoted and escaped.</summary>
    public void AppendFormatted(ReadOnlySpan<byte> value) => text!.Append(Strace.Quote(value));

    /// <summary>Adds a number as it is.</summary>
    public void AppendFormatted(long value) => text!.Append(value);

    /// <summary>Adds a descriptor with what it points at: <c>3&lt;/srv/root&gt;</c>.</summary>
    public void AppendFormatted(Fd value) => text!.Append(Strace.Descriptor(value.Number));

    /// <summary>Adds words that are not to be quoted, such as the names of flags.</summary>
    public void AppendFormatted(Words value) => text!.Append(value.Text);

    /// <summary>Adds the name of an enum's value, or a number.</summary>
    public void AppendFormatted<T>(T value) => text!.Append(value);

    internal string Build() => text!.ToString();
}

/// <summary>A descriptor in a <see cref="CallText"/>.</summary>
public readonly record struct Fd(int Number)
{
    /// <summary>Marks a number as a descriptor.</summary>
    public static Fd Of(int number) => new(number);
}

/// <summary>Words in a <see cref="CallText"/> that are printed without quotes.</summary>
public readonly record struct Words(string Text);
