namespace Littlebox.Cli.Verbs.Learn.Chapters;

/// <summary>A namespace made permanent.</summary>
internal static class PermanentChapter
{
    /// <summary>The words.</summary>
    public static Chapter Text => new()
    {
        Name = "permanent",
        Title = "A namespace made permanent by a bind mount",
        Text =
        [
            "A namespace lives while something holds it. Usually that is a process: when the last one ends, the namespace is gone. But its file in /proc/PID/ns can be bind mounted somewhere else, and a mount holds it as well. That is all that 'ip netns add' does, and 'littlebox ns pin'.",
            "So: the container's uts namespace is mounted on an empty file. Then the container ends, with every process in it. Its uts namespace, which knows the name littlebox, is still there and can be entered. With the mount, it goes too.",
        ],
        ForUsers = "A bind mount on this machine needs root (CAP_SYS_ADMIN in the machine's mount namespace), which you are not. What you can do: mount in a mount namespace of your own. So a process waits in one, with the mount; the namespace lives on without any process in it, but only as long as that one waits. It is kept, not permanent: 'sudo littlebox learn permanent' shows the other.",
        Commands = ["touch /run/kept; mount --bind /proc/PID/ns/uts /run/kept", "kill -9 PID", "nsenter --uts=/run/kept hostname", "umount /run/kept; rm /run/kept"],
        Try = ["s opens a shell in the kept namespace: 'hostname'. In another terminal, 'littlebox ns ls --type uts' shows it, held by a mount alone."],
    };
}
