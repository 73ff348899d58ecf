namespace Littlebox.Linux;

/// <summary>The ioctls of terminals (ioctl_tty(2)).</summary>
public static unsafe partial class Kernel
{
    private const int Tcgets = 0x5401, Tcsets = 0x5402, Tiocgwinsz = 0x5413, Tiocswinsz = 0x5414;

    /// <summary>TCGETS: the settings of a terminal; false where the descriptor is not one.</summary>
    public static bool TryGetTerminal(int descriptor, out TerminalSettings settings)
    {
        fixed (TerminalSettings* result = &settings)
            return SystemCall.Invoke(SystemCallNumber.Ioctl, descriptor, Tcgets, (nint)result) >= 0;
    }

    /// <summary>TCSETS: sets a terminal at once.</summary>
    public static void SetTerminal(int descriptor, TerminalSettings settings) =>
        Check(SystemCall.Invoke(SystemCallNumber.Ioctl, descriptor, Tcsets, (nint)(&settings)), $"ioctl({Fd.Of(descriptor)}, TCSETS, …)");

    /// <summary>TIOCGWINSZ: the size of the window; false where the descriptor is no terminal.</summary>
    public static bool TryGetWindowSize(int descriptor, out WindowSize size)
    {
        fixed (WindowSize* result = &size)
            return SystemCall.Invoke(SystemCallNumber.Ioctl, descriptor, Tiocgwinsz, (nint)result) >= 0;
    }

    /// <summary>TIOCSWINSZ: tells a terminal its size; the programs on it get SIGWINCH.</summary>
    public static void SetWindowSize(int descriptor, WindowSize size) =>
        Check(SystemCall.Invoke(SystemCallNumber.Ioctl, descriptor, Tiocswinsz, (nint)(&size)), $"ioctl({Fd.Of(descriptor)}, TIOCSWINSZ, …)");

    /// <summary>True when the descriptor is a terminal.</summary>
    public static bool IsTerminal(int descriptor) => TryGetTerminal(descriptor, out _);
}
