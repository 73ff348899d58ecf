using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.OciCli.CommandLine;

/// <summary>Signals by name or number (signal(7)).</summary>
internal static class SignalNames
{
    // As the C library counts: it keeps 32 and 33 for its threads.
    private const int FirstRealTime = 34, LastRealTime = 64;

    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
        "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The number of <c>TERM</c>, <c>SIGTERM</c>, <c>sigterm</c> or <c>15</c>; of <c>SIGRTMIN+3</c> or <c>SIGRTMAX-2</c>; 0 only asks whether the process is there.</summary>
    /// <exception cref="LittleboxException">There is no such signal.</exception>
    public static int Number(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 0 and <= LastRealTime) return number;
        string name = text.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal)) name = name[3..];
        int index = name switch
        {
            "" => 0,
            "IOT" => 6,
            "CLD" => 17,
            "POLL" => 29,
            "RTMIN" => FirstRealTime,
            "RTMAX" => LastRealTime,
            ['R', 'T', 'M', 'I', 'N', '+', .. var above] => Within(FirstRealTime, above, 1),
            ['R', 'T', 'M', 'A', 'X', '-', .. var below] => Within(LastRealTime, below, -1),
            _ => Array.IndexOf(Names, name),
        };
        return index > 0 ? index : throw new LittleboxException(ErrorKind.InvalidArgument, $"unknown signal {Linux.Text.Strace.Quote(text)}");
    }

    private static int Within(int end, string digits, int direction) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int distance) && distance <= LastRealTime - FirstRealTime ? end + direction * distance : -1;
}
