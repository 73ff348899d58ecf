using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Littlebox.Linux.Text;

namespace Littlebox.Boot;

/// <summary>The text of an operation as strace would print it; formatted only when the builder keeps texts.</summary>
[InterpolatedStringHandler]
public readonly ref struct OperationText
{
    // Around the index of a register, until it is known what the register held: control characters, which are escaped in every string that is put in.
    private const char MarkBegin = '\u0001', MarkEnd = '\u0002';

    private readonly StringBuilder? text;
    private readonly string? words;

    /// <summary>Called by the compiler.</summary>
    public OperationText(int literalLength, int formattedCount, BootBuilder builder, out bool wanted)
    {
        wanted = builder.KeepsText;
        text = wanted ? new StringBuilder(literalLength + 16 * formattedCount) : null;
    }

    /// <summary>A text that is ready.</summary>
    public OperationText(string words) => this.words = words;

    /// <summary>Adds words of the format.</summary>
    public void AppendLiteral(string value) => text!.Append(value);

    /// <summary>Adds a register: what it holds is put in later.</summary>
    public void AppendFormatted(Register value) => text!.Append(Mark(value));

    /// <summary>Adds a string argument, quoted.</summary>
    public void AppendFormatted(string? value) => text!.Append(value is null ? "NULL" : Strace.Quote(value));

    /// <summary>Adds words without quotes.</summary>
    public void AppendFormatted(Linux.Words value) => text!.Append(value.Text);

    /// <summary>Adds a number.</summary>
    public void AppendFormatted(long value) => text!.Append(value);

    internal static string Mark(Register register) => string.Create(CultureInfo.InvariantCulture, $"{MarkBegin}{register.Index}{MarkEnd}");

    internal static string Resolve(string text, Func<int, string> describe)
    {
        int begin = text.IndexOf(MarkBegin);
        if (begin < 0) return text;
        var resolved = new StringBuilder();
        int behind = 0;
        for (; begin >= 0; begin = text.IndexOf(MarkBegin, behind))
        {
            int end = text.IndexOf(MarkEnd, begin);
            resolved.Append(text, behind, begin - behind).Append(describe(int.Parse(text.AsSpan(begin + 1, end - begin - 1), CultureInfo.InvariantCulture)));
            behind = end + 1;
        }
        return resolved.Append(text, behind, text.Length - behind).ToString();
    }

    internal string Build() => text?.ToString() ?? words ?? "";
}
