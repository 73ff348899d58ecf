namespace Littlebox.Linux;

/// <summary>Flags of open_tree(2).</summary>
[Flags]
public enum OpenTreeFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A detached copy (a bind mount without a place). OPEN_TREE_CLONE.</summary>
    Clone = 0x1,

    /// <summary>Do not follow a link at the end. AT_SYMLINK_NOFOLLOW.</summary>
    SymlinkNoFollow = 0x100,

    /// <summary>The descriptor itself. AT_EMPTY_PATH.</summary>
    EmptyPath = 0x1000,

    /// <summary>With all mounts below. AT_RECURSIVE.</summary>
    Recursive = 0x8000,

    /// <summary>Close at execve. OPEN_TREE_CLOEXEC.</summary>
    CloseOnExec = 0x80000,
}
