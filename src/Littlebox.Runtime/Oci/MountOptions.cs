using Littlebox.Linux;

namespace Littlebox.Runtime.Oci;

/// <summary>What the <c>options</c> of a mount say (runtime-spec, config.md, Mounts; mount(8)), sorted by what becomes of them.</summary>
internal sealed record MountOptions
{
    // The four ways to keep access times, of which a mount has one (MOUNT_ATTR__ATIME, mount_setattr(2)).
    private const MountAttributes AccessTimes = (MountAttributes)0x70;

    private List<MountFlags>? propagation;
    private List<KeyValuePair<string, string>>? superBlock;
    private List<KeyValuePair<string, string>>? data;

    /// <summary>Attributes of the mount to set.</summary>
    public MountAttributes Set { get; private set; }

    /// <summary>Attributes of the mount to clear.</summary>
    public MountAttributes Clear { get; private set; }

    /// <summary>Attributes to set on the mount and on all mounts below it (<c>rro</c>, <c>rnosuid</c> …).</summary>
    public MountAttributes RecursiveSet { get; private set; }

    /// <summary>Attributes to clear on the mount and on all mounts below it.</summary>
    public MountAttributes RecursiveClear { get; private set; }

    /// <summary>Changes of propagation, in their order; recursive ones hold <see cref="MountFlags.Recursive"/>.</summary>
    public IReadOnlyList<MountFlags> Propagation => propagation ?? [];

    /// <summary><c>bind</c> or <c>rbind</c>.</summary>
    public bool Bind { get; private set; }

    /// <summary><c>rbind</c>: with the mounts below the source.</summary>
    public bool BindRecursive { get; private set; }

    /// <summary><c>tmpcopyup</c>: what the root holds at the place is copied into the tmpfs.</summary>
    public bool CopyUp { get; private set; }

    /// <summary><c>idmap</c> (false) or <c>ridmap</c> (true), or <c>null</c>.</summary>
    public bool? IdMap { get; private set; }

    /// <summary><c>remount</c>: what is mounted at the place already is changed, and nothing is mounted.</summary>
    public bool Remount { get; private set; }

    /// <summary><c>iversion</c>: writes are counted (statx(2), stx_change_cookie; NFS).</summary>
    public bool CountsWrites { get; private set; }

    /// <summary>
    /// Flags of the file system as a whole: <c>sync</c>, <c>dirsync</c>, <c>lazytime</c>, <c>mand</c> and their opposites. A bind mount has none of its own; the kernel leaves them
    /// out there, and so do we.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> SuperBlock => superBlock ?? [];

    /// <summary>Options of the file system that are none of the above: a name with a value, or a flag with an empty one.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Data => data ?? [];

    /// <summary>True where an option of the file system is given.</summary>
    public bool HasData(string name) => data?.Exists(option => option.Key == name) ?? false;

    /// <summary>What the mount is to be, seen from the options alone: nobody may write to it.</summary>
    public bool IsReadOnly => (Set & MountAttributes.ReadOnly) != 0;

    /// <summary>Reads options.</summary>
    /// <param name="options">The options of config.json.</param>
    public static MountOptions Parse(IReadOnlyList<string>? options)
    {
        var parsed = new MountOptions();
        for (int i = 0; i < (options?.Count ?? 0); i++) parsed.Add(options![i]);
        return parsed;
    }

    private void Add(string option)
    {
        switch (option)
        {
            case "defaults" or "": return;
            case "bind": Bind = true; return;
            case "rbind": Bind = BindRecursive = true; return;
            case "remount": Remount = true; return;
            case "tmpcopyup": CopyUp = true; return;
            case "idmap": IdMap = false; return;
            case "ridmap": IdMap = true; return;
            case "sync" or "async" or "dirsync" or "lazytime" or "nolazytime" or "mand" or "nomand": (superBlock ??= []).Add(new(option, "")); return;
            case "iversion" or "noiversion": CountsWrites = option is "iversion"; return;
            // Whether the kernel writes to its log when a mount fails. That is nobody's business but the log's: fsopen(2) has no such flag.
            case "silent" or "loud": return;
            case "private" or "slave" or "shared" or "unbindable": (propagation ??= []).Add(PropagationOf(option)); return;
            case "rprivate" or "rslave" or "rshared" or "runbindable": (propagation ??= []).Add(PropagationOf(option[1..]) | MountFlags.Recursive); return;
        }
        if (Attribute(option) is var (set, clear))
        {
            (Set, Clear) = (Set & ~clear | set, Clear & ~set | clear);
            return;
        }
        if (option is ['r', .. var rest] && Attribute(rest) is var (setAll, clearAll))
        {
            (RecursiveSet, RecursiveClear) = (RecursiveSet & ~clearAll | setAll, RecursiveClear & ~setAll | clearAll);
            return;
        }
        int equals = option.IndexOf('=');
        (data ??= []).Add(equals < 0 ? new(option, "") : new(option[..equals], option[(equals + 1)..]));
    }

    // What an option sets and clears. To choose a way of keeping access times all of their bits are cleared first, as mount_setattr(2) wants it.
    private static (MountAttributes Set, MountAttributes Clear)? Attribute(string option) => option switch
    {
        "ro" => (MountAttributes.ReadOnly, 0),
        "rw" => (0, MountAttributes.ReadOnly),
        "nosuid" => (MountAttributes.NoSetId, 0),
        "suid" => (0, MountAttributes.NoSetId),
        "nodev" => (MountAttributes.NoDevices, 0),
        "dev" => (0, MountAttributes.NoDevices),
        "noexec" => (MountAttributes.NoExecute, 0),
        "exec" => (0, MountAttributes.NoExecute),
        "nodiratime" => (MountAttributes.NoDirectoryAccessTime, 0),
        "diratime" => (0, MountAttributes.NoDirectoryAccessTime),
        "nosymfollow" => (MountAttributes.NoSymlinkFollow, 0),
        "symfollow" => (0, MountAttributes.NoSymlinkFollow),
        "noatime" => (MountAttributes.NoAccessTime, AccessTimes),
        "strictatime" => (MountAttributes.StrictAccessTime, AccessTimes),
        "relatime" or "atime" or "norelatime" or "nostrictatime" => (0, AccessTimes),
        _ => null,
    };

    private static MountFlags PropagationOf(string word) => word switch
    {
        "private" => MountFlags.Private,
        "slave" => MountFlags.Slave,
        "shared" => MountFlags.Shared,
        _ => MountFlags.Unbindable,
    };
}
