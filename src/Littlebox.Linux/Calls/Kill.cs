namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>kill(2): sends a signal.</summary>
    /// <param name="pid">A process, or minus a process group.</param>
    /// <param name="signal">Signal number; 0 asks only whether it is there.</param>
    public static void Kill(int pid, int signal) => Check(TryKill(pid, signal), $"kill({pid}, {signal})");

    /// <summary><see cref="Kill"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryKill(int pid, int signal) => (int)SystemCall.Invoke(SystemCallNumber.Kill, pid, signal);
}
