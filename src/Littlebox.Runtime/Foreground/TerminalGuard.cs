using Littlebox.Boot;
using Littlebox.Linux;

namespace Littlebox.Runtime.Foreground;

/// <summary>
/// Raw mode on the user's terminal, taken back whatever happens: by <see cref="Dispose"/>, or, where littlebox is killed, by a small process that
/// waits for exactly that.
/// </summary>
public sealed class TerminalGuard : IDisposable
{
    private const int Tcsets = 0x5402;

    private readonly int terminal;
    private readonly TerminalSettings before;
    private readonly BootChild guard;

    private TerminalGuard(int terminal, TerminalSettings before)
    {
        this.terminal = terminal;
        this.before = before;
        var program = new BootBuilder();
        // It waits until the channel is closed from our side: by Dispose, or by the kernel when we are gone. All signals are blocked in it, SIGTTOU too.
        program.AwaitEndOfHost();
        program.Call(SystemCallNumber.Ioctl, $"ioctl({terminal}, TCSETS, …)", terminal, Tcsets, program.Structure(before));
        program.Exit(0);
        guard = BootChild.Start(program, NamespaceFlags.None, [terminal]);
        Kernel.SetTerminal(terminal, before.Raw());
    }

    /// <summary>Sets raw mode on a terminal; <c>null</c> where the descriptor is none.</summary>
    public static TerminalGuard? Raw(int terminal) => Kernel.TryGetTerminal(terminal, out TerminalSettings before) ? new TerminalGuard(terminal, before) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Kernel.SetTerminal(terminal, before);
        Kernel.TryKill(guard.Pid, Signal.Kill);
        Kernel.TryWait(guard.Pid, out _);
        guard.Dispose();
    }
}
