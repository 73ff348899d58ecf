namespace Littlebox.Linux;

/// <summary>Restrictions on how a path is resolved, openat2(2).</summary>
[Flags]
public enum ResolveFlags : ulong
{
    /// <summary>As always.</summary>
    None = 0,

    /// <summary>Stay on one mount. RESOLVE_NO_XDEV.</summary>
    NoCrossMounts = 0x1,

    /// <summary>Refuse links such as /proc/PID/fd/N. RESOLVE_NO_MAGICLINKS.</summary>
    NoMagicLinks = 0x2,

    /// <summary>Refuse symbolic links in every component. RESOLVE_NO_SYMLINKS.</summary>
    NoSymlinks = 0x4,

    /// <summary>Refuse what leaves the directory. RESOLVE_BENEATH.</summary>
    Beneath = 0x8,

    /// <summary>Treat the directory as the root: absolute links and <c>..</c> stay inside. RESOLVE_IN_ROOT.</summary>
    InRoot = 0x10,

    /// <summary>Only what is in the cache. RESOLVE_CACHED.</summary>
    Cached = 0x20,
}
