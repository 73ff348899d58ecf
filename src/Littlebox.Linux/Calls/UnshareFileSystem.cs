namespace Littlebox.Linux;

public static partial class Kernel
{
    private const int CloneFs = 0x200;

    /// <summary>
    /// unshare(CLONE_FS): this thread gets a root and a current directory of its own. setns(2) into a mount namespace needs it in a process with
    /// several threads; call it only on a thread that ends afterwards.
    /// </summary>
    public static void UnshareFileSystem() => Check(SystemCall.Invoke(SystemCallNumber.Unshare, CloneFs), $"unshare(CLONE_FS)");

    /// <summary>gettid(2): this thread.</summary>
    public static int ThreadId => (int)SystemCall.Invoke(SystemCallNumber.Gettid);
}
