namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>capget(2): the capabilities that this thread is permitted, one bit for each by its number (capabilities(7)).</summary>
    public static ulong PermittedCapabilities
    {
        get
        {
            uint* header = stackalloc uint[] { 0x20080522, 0 }; // _LINUX_CAPABILITY_VERSION_3
            uint* sets = stackalloc uint[6]; // twice: effective, permitted, inheritable
            Check(SystemCall.Invoke(SystemCallNumber.Capget, (nint)header, (nint)sets), $"capget({{_LINUX_CAPABILITY_VERSION_3, 0}}, …)");
            return sets[1] | ((ulong)sets[4] << 32);
        }
    }
}
