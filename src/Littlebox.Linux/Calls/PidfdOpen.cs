namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>pidfd_open(2): a descriptor that stands for a process, close-on-exec.</summary>
    /// <param name="pid">Its process id in this pid namespace.</param>
    public static int PidfdOpen(int pid) => (int)Check(TryPidfdOpen(pid), $"pidfd_open({pid}, 0)");

    /// <summary><see cref="PidfdOpen"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryPidfdOpen(int pid) => (int)SystemCall.Invoke(SystemCallNumber.PidfdOpen, pid, 0);
}
