using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.OciCli.CommandLine;

/// <summary>Signals by name or number (signal(7)).</summary>
internal static class SignalNames
{
    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
        "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The number of <c>TERM</c>, <c>SIGTERM</c>, <c>sigterm</c> or <c>15</c>.</summary>
    /// <exception cref="LittleboxException">There is no such signal.</exception>
    public static int Number(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 64) return number;
        string name = text.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal)) name = name[3..];
        int index = name.Length == 0 ? -1 : Array.IndexOf(Names, name);
        return index > 0 ? index : throw new LittleboxException(ErrorKind.InvalidArgument, $"unknown signal {Linux.Text.Strace.Quote(text)}");
    }
}
