namespace Littlebox.Cli.Verbs.Learn.Chapters;

/// <summary>A /proc of its own.</summary>
internal static class ProcChapter
{
    /// <summary>The words.</summary>
    public static Chapter Text => new()
    {
        Name = "proc",
        Title = "A /proc of its own",
        Call = "fsopen(\"proc\"",
        Text =
        [
            "ps reads /proc, and a proc file system shows the processes of the pid namespace of whoever mounted it. So a fresh one shows the container's processes and no others, with the first one as process 1.",
            "The walkthrough mounts it last, when the old root has gone. littlebox mounts it before, from outside, onto a directory of the new root that it holds open; and that for two reasons. A root can be hostile: if its /proc were a link to somewhere else, a mount by name would follow it. And the kernel lets a user namespace mount a proc only while it still sees another one in full; when the old root has gone it is too late.",
            "The other file systems of every container follow in the same way: /sys read-only, a small /dev with six devices, terminals, shared memory, message queues; the container's own hostname, hosts and resolv.conf files; and what tells about or changes the whole machine is covered or made read-only.",
        ],
        Commands = ["mount -t proc none /proc"],
        Try = ["s, then 'mount | grep proc': the new proc lies below the new root. 'ps' still reads the old one, since '/' is still this machine's."],
    };
}
