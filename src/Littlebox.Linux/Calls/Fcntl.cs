namespace Littlebox.Linux;

public static partial class Kernel
{
    private const int GetDescriptorFlags = 1, CloseOnExec = 1; // F_GETFD, FD_CLOEXEC

    /// <summary>F_GETFD of fcntl(2): true where the descriptor is open and stays so over execve(2), as all that this process was given do, and none that it opened itself.</summary>
    /// <param name="descriptor">Any number.</param>
    public static bool IsInheritable(int descriptor) => SystemCall.Invoke(SystemCallNumber.Fcntl, descriptor, GetDescriptorFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0;
}
