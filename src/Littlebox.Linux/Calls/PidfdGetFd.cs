namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>pidfd_getfd(2): a copy of another process's descriptor, close-on-exec; needs the right to ptrace it.</summary>
    /// <param name="pidfd">The process.</param>
    /// <param name="descriptor">The number in that process.</param>
    /// <returns>The number in this process, or <c>-errno</c>.</returns>
    public static int TryPidfdGetFd(int pidfd, int descriptor) => (int)SystemCall.Invoke(SystemCallNumber.PidfdGetfd, pidfd, descriptor, 0);
}
