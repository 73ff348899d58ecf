namespace Littlebox.Cli.Verbs.Learn.Chapters;

/// <summary>A root file system in its place.</summary>
internal static class RootChapter
{
    /// <summary>The words.</summary>
    public static Chapter Text => new()
    {
        Name = "root",
        Title = "The root file system in its place",
        Call = "mount_setattr(AT_FDCWD, \"/\"",
        Text =
        [
            "The child has a mount namespace of its own, but it began as a copy: it still sees every file of this machine. The walkthrough binds the directory of the container onto itself, since pivot_root will want a mount point, and moves it to its place.",
            "First of all, mounts must stop spreading. On most machines '/' is shared: what is mounted in the copy would show up on the machine too. Then the root is put in place. littlebox lays an overlay over the small root that comes with it: what the container writes goes to a layer in memory, and the root itself stays as it is, for the next container.",
            "Paths are opened once and then used by descriptor: whatever somebody does to the names meanwhile, the mounts go where they were meant to.",
        ],
        Commands = ["mount --make-rprivate /", "mkdir -p /littlebox", "mount --bind /var/lib/containers/run/littlebox /var/lib/containers/run/littlebox", "mount --move /var/lib/containers/run/littlebox /littlebox"],
        Try = ["s, then 'mount | tail -n 2': the new file systems are there, for this child. The same in another terminal: they are not. 'ls /' is still this machine's."],
    };
}
