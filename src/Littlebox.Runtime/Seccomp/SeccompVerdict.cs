using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Seccomp;

/// <summary>What a filter returns: an action in the upper 16 bits, its data in the lower 16 (linux/seccomp.h).</summary>
internal static class SeccompVerdict
{
    public const uint KillThread = 0x00000000, KillProcess = 0x80000000, Trap = 0x00030000, Errno = 0x00050000, Notify = 0x7fc00000, Trace = 0x7ff00000,
        Log = 0x7ffc0000, Allow = 0x7fff0000;

    /// <summary>ENOSYS: what the kernel says to a system call that it does not know.</summary>
    public const uint NotImplemented = Errno | (uint)Littlebox.Linux.Errno.ENOSYS;

    private const uint ActionMask = 0xffff0000;

    /// <summary>The verdict of a profile's action.</summary>
    /// <param name="action">The action.</param>
    /// <param name="errnoRet">The error number, or the number for a tracer; EPERM where it is missing, as the runtime-spec has it.</param>
    /// <exception cref="LittleboxException">The action takes no number, or not this one.</exception>
    public static uint Of(LinuxSeccompAction action, uint? errnoRet)
    {
        uint verdict = action switch
        {
            LinuxSeccompAction.KillProcess => KillProcess,
            LinuxSeccompAction.Trap => Trap,
            LinuxSeccompAction.Errno => Errno,
            LinuxSeccompAction.Trace => Trace,
            LinuxSeccompAction.Allow => Allow,
            LinuxSeccompAction.Log => Log,
            LinuxSeccompAction.Notify => Notify,
            _ => KillThread,
        };
        if (verdict is Errno or Trace)
        {
            uint number = errnoRet ?? (uint)Littlebox.Linux.Errno.EPERM;
            if (number > ushort.MaxValue) throw new LittleboxException(ErrorKind.InvalidArgument, $"errnoRet {number} of the seccomp profile does not fit into 16 bits");
            return verdict | number;
        }
        if (errnoRet is not null) throw new LittleboxException(ErrorKind.InvalidArgument, $"the action {Text(verdict)} of the seccomp profile takes no errnoRet, yet there is one");
        return verdict;
    }

    /// <summary>Whether the system call is made, or a tracer decides: then a call that is newer than the profile is not answered ENOSYS.</summary>
    public static bool LetsThrough(uint verdict) => (verdict & ActionMask) is Allow or Log or Trace;

    /// <summary>The verdict in words: <c>ERRNO(EPERM)</c>.</summary>
    public static string Text(uint verdict) => (verdict & ActionMask) switch
    {
        KillThread => "KILL_THREAD",
        KillProcess => "KILL_PROCESS",
        Trap => "TRAP",
        Errno => $"ERRNO({(Littlebox.Linux.Errno)(verdict & ~ActionMask)})",
        Trace => $"TRACE({verdict & ~ActionMask})",
        Allow => "ALLOW",
        Log => "LOG",
        Notify => "NOTIFY",
        _ => $"0x{verdict:x}",
    };
}
