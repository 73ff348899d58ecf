namespace Littlebox.Linux;

/// <summary>getpid(2), getuid(2) and their kin; none of them can fail.</summary>
public static partial class Kernel
{
    /// <summary>This process.</summary>
    public static int ProcessId => (int)SystemCall.Invoke(SystemCallNumber.Getpid);

    /// <summary>The effective user id.</summary>
    public static uint EffectiveUid => (uint)SystemCall.Invoke(SystemCallNumber.Geteuid);

    /// <summary>The effective group id.</summary>
    public static uint EffectiveGid => (uint)SystemCall.Invoke(SystemCallNumber.Getegid);
}
