using Littlebox.Linux;

namespace Littlebox.Runtime;

/// <summary>Sets of capabilities (capabilities(7)): one bit for each, by its number.</summary>
public static class CapabilitySet
{
    // The order is the kernel's numbering, 0 to 40 (linux/capability.h).
    private static readonly string[] All =
    [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE",
        "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN",
        "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE",
        "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ];

    /// <summary>How many capabilities this code knows.</summary>
    public static int Count => All.Length;

    /// <summary>Every capability that this code knows.</summary>
    public static ulong Full => (1UL << 41) - 1;

    /// <summary>
    /// The set that docker gives: CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP.
    /// </summary>
    public static ulong Default => 0xa80425fb;

    /// <summary>The number of <c>SYS_ADMIN</c> or <c>CAP_SYS_ADMIN</c>, in any case.</summary>
    /// <exception cref="LittleboxException">There is no such capability.</exception>
    public static int NumberOf(string name, string field)
    {
        string bare = name.ToUpperInvariant();
        if (bare.StartsWith("CAP_", StringComparison.Ordinal)) bare = bare[4..];
        int number = Array.IndexOf(All, bare);
        if (number >= 0) return number;
        throw new LittleboxException(ErrorKind.InvalidArgument, $"{field}={name}: there is no capability of that name", $"valid forms: ALL, or one of {string.Join(' ', All)}");
    }

    /// <summary>The number of <c>CAP_SYS_ADMIN</c>; <c>null</c> for a name that this code does not know.</summary>
    public static int? TryNumberOf(string name) =>
        name.StartsWith("CAP_", StringComparison.Ordinal) && Array.IndexOf(All, name[4..]) is >= 0 and var number ? number : null;

    /// <summary>The name of a capability, <c>CAP_SYS_ADMIN</c>.</summary>
    public static string NameOf(int number) => "CAP_" + All[number];

    /// <summary>
    /// The set with some added and some taken away. ALL stands for all of them, and comes before single names: dropping ALL and adding one leaves one.
    /// </summary>
    public static ulong Change(ulong set, IReadOnlyList<string> add, IReadOnlyList<string> drop)
    {
        foreach (string name in drop)
        {
            if (IsAll(name)) set = 0;
        }
        foreach (string name in add)
        {
            if (IsAll(name)) set = Full;
        }
        foreach (string name in add)
        {
            if (!IsAll(name)) set |= 1UL << NumberOf(name, "--cap-add");
        }
        foreach (string name in drop)
        {
            if (!IsAll(name)) set &= ~(1UL << NumberOf(name, "--cap-drop"));
        }
        return set;
    }

    private static bool IsAll(string name) => name.Equals("ALL", StringComparison.OrdinalIgnoreCase);
}
