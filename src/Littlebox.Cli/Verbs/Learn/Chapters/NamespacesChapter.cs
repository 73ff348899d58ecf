namespace Littlebox.Cli.Verbs.Learn.Chapters;

/// <summary>A process in namespaces of its own.</summary>
internal static class NamespacesChapter
{
    /// <summary>The words.</summary>
    public static Chapter Text => new()
    {
        Name = "namespaces",
        Title = "A process in namespaces of its own",
        Text =
        [
            "A namespace is a view of one part of the kernel: its mounts, its host name, its processes, its network. Every process is in one namespace of each kind; usually all processes of a machine share the same ones. A container is nothing but a process that has namespaces of its own.",
            "unshare(1) makes them for a program that it starts. littlebox asks for all of them with one system call, clone3: a child comes to life in new mount, uts, ipc, net, pid and cgroup namespaces. It runs nothing yet; it waits, and takes one step at a time from here on.",
            "Each namespace has a number, the inode of its file in /proc/PID/ns. Two processes are in the same namespace exactly when the numbers are the same. Compare them below, before and after.",
        ],
        ForUsers = "You are not root, and the other kinds need rights that you do not have. So there is one more kind, the user namespace: in it the child is root, outside it is still you. Its ids mean nothing until somebody outside says which ones are which; that is the step that writes the id maps.",
        Commands = ["sudo unshare --mount --uts --ipc --net --pid --cgroup --fork bash"],
        Try =
        [
            "s opens a shell in the new namespaces. 'ip link' shows one link, lo: the network is a new one. 'ps' still shows every process of the machine: /proc has not been changed yet.",
        ],
    };
}
