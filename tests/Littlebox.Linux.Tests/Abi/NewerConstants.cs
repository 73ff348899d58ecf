namespace Littlebox.Linux.Tests.Abi;

/// <summary>
/// Constants that came after the oldest headers the suite is built with (Debian 12: Linux 6.1), each with the kernel that brought it. Where the
/// headers of this machine have the name, they decide; where they do not, this list does.
/// </summary>
internal static class NewerConstants
{
    private static readonly (string Name, ulong Value, string Since)[] All =
    [
        ("__NR_fchmodat2", 452, "6.6"),
        ("__NR_statmount", 457, "6.8"),
        ("__NR_listmount", 458, "6.8"),
        ("__NR_open_tree_attr", 467, "6.15"),
        ("__NR_listns", 470, "6.19"),
        ("MOVE_MOUNT_BENEATH", 0x200, "6.5"),
        ("STATX_MNT_ID_UNIQUE", 0x4000, "6.8"),
        ("MFD_NOEXEC_SEAL", 0x8, "6.3"),
        ("MFD_EXEC", 0x10, "6.3"),
        ("NS_GET_TGID_FROM_PIDNS", 0x8004b707, "6.11"),
        ("NS_GET_MNTNS_ID", 0x8008b705, "6.11"),
        ("PID_FS_MAGIC", 0x50494446, "6.9"),
    ];

    /// <summary>The value of a constant, or of several with <c>|</c> between, by the headers, or by the list above where they are older.</summary>
    public static ulong? ValueOf(string names, IReadOnlyDictionary<string, ulong> headers)
    {
        ulong value = 0;
        foreach (string name in names.Split('|'))
        {
            if (!headers.TryGetValue(name, out ulong one))
            {
                int listed = Array.FindIndex(All, entry => entry.Name == name);
                if (listed < 0) return null;
                one = All[listed].Value;
            }
            value |= one;
        }
        return value;
    }
}
