namespace Littlebox.Linux;

/// <summary>Signal numbers of signal(7), the same on x86_64 and arm64.</summary>
public static class Signal
{
    /// <summary>SIGHUP.</summary>
    public const int Hangup = 1;

    /// <summary>SIGINT.</summary>
    public const int Interrupt = 2;

    /// <summary>SIGQUIT.</summary>
    public const int Quit = 3;

    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGPIPE.</summary>
    public const int Pipe = 13;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>SIGCHLD.</summary>
    public const int Child = 17;

    /// <summary>SIGCONT.</summary>
    public const int Continue = 18;

    /// <summary>SIGSTOP.</summary>
    public const int Stop = 19;

    /// <summary>SIGTSTP.</summary>
    public const int TerminalStop = 20;

    /// <summary>SIGTTIN.</summary>
    public const int TerminalInput = 21;

    /// <summary>SIGTTOU.</summary>
    public const int TerminalOutput = 22;

    /// <summary>SIGWINCH.</summary>
    public const int WindowChange = 28;

    private static readonly string[] Names =
    [
        "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP",
        "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The name with SIG, for instance <c>SIGKILL</c>; <c>signal 40</c> for a real-time signal.</summary>
    public static string NameOf(int number) => number > 0 && number < Names.Length ? "SIG" + Names[number] : $"signal {number}";

    /// <summary>The number of <c>TERM</c>, <c>SIGTERM</c> or <c>15</c>; <c>null</c> for anything else.</summary>
    public static int? Parse(string text)
    {
        if (int.TryParse(text, System.Globalization.NumberStyles.None, null, out int number)) return number is > 0 and <= 64 ? number : null;
        int found = Array.IndexOf(Names, text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..].ToUpperInvariant() : text.ToUpperInvariant());
        return found > 0 ? found : null;
    }
}
