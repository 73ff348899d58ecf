namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>process_vm_writev(2): writes into the memory of another process; needs the right to ptrace it.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="address">Where, as that process sees it.</param>
    /// <param name="content">What.</param>
    public static void WriteMemory(int pid, nint address, ReadOnlySpan<byte> content)
    {
        fixed (byte* start = content)
        {
            nint* local = stackalloc nint[] { (nint)start, content.Length };
            nint* remote = stackalloc nint[] { address, content.Length };
            Check(SystemCall.Invoke(SystemCallNumber.ProcessVmWritev, pid, (nint)local, 1, (nint)remote, 1, 0), $"process_vm_writev({pid}, …, 1, …, 1, 0)");
        }
    }
}
