using Littlebox.Linux;

namespace Littlebox.Cli.Terminal;

/// <summary>Bold and colours, where someone sees them: on a terminal that is not <c>dumb</c>, and unless NO_COLOR is set (no-color.org).</summary>
internal readonly struct Style
{
    private readonly bool wanted;

    private Style(bool wanted) => this.wanted = wanted;

    /// <summary>The style for what goes to that descriptor.</summary>
    public static Style For(int descriptor) => new(
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb")
        && Kernel.IsTerminal(descriptor));

    /// <summary>No style: for files, tests and pipes.</summary>
    public static Style None => default;

    /// <summary>Always styled: for tests.</summary>
    public static Style Always => new(wanted: true);

    /// <summary>True where text is to be styled.</summary>
    public bool Wanted => wanted;

    /// <summary>Bold: headings.</summary>
    public string Bold(string text) => Wrap("1", text);

    /// <summary>Faint: what matters less.</summary>
    public string Faint(string text) => Wrap("2", text);

    /// <summary>Red: failures.</summary>
    public string Red(string text) => Wrap("31", text);

    /// <summary>Green: what works.</summary>
    public string Green(string text) => Wrap("32", text);

    /// <summary>Yellow: what deserves a look.</summary>
    public string Yellow(string text) => Wrap("33", text);

    private string Wrap(string code, string text) => wanted ? $"\e[{code}m{text}\e[0m" : text;
}
