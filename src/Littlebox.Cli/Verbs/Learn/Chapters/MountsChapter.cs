namespace Littlebox.Cli.Verbs.Learn.Chapters;

/// <summary>The old mounts are gone.</summary>
internal static class MountsChapter
{
    /// <summary>The words.</summary>
    public static Chapter Text => new()
    {
        Name = "mounts",
        Title = "The old mounts are gone",
        Call = "umount2(",
        Text =
        [
            "The old root is still there, and with it every file of the machine. It is unmounted with all mounts below it, lazily (MNT_DETACH, umount -l): it leaves this namespace now, and the kernel lets go of it when nobody uses it any more. In the machine's own mount namespace nothing changes.",
            "From here on no path leads from the container to the host. What is left is a very clean picture: the container's own mounts, and nothing else.",
        ],
        Commands = ["umount -a", "umount -l /oldroot", "mount"],
        ShowsMounts = true,
        Try = ["s opens a shell (a copy of busybox in memory, since nothing of this machine is in sight): 'mount', 'ls /', 'ps'."],
    };
}
