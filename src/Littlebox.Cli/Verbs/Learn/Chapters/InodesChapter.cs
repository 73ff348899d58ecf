namespace Littlebox.Cli.Verbs.Learn.Chapters;

/// <summary>lsns, and the comparison of inodes.</summary>
internal static class InodesChapter
{
    /// <summary>The words.</summary>
    public static Chapter Text => new()
    {
        Name = "inodes",
        Title = "From outside: lsns, and a comparison of inodes",
        Call = "setsid(",
        Text =
        [
            "The last steps make the child an ordinary process: a session of its own, no more rights than a container needs; then it executes the command, here 'sleep', and is process 1 of the container.",
            "Seen from outside it is a process like any other, with a process id of this machine. lsns lists the namespaces; ls -Lli shows the inode of each. Compare those of littlebox, which is outside, with those of the container: other numbers, other namespaces.",
        ],
        ForUsers = "You see your own processes only; for the others, be root.",
        Commands = ["lsns", "ls -Lli /proc/PID/ns"],
        Try = ["In another terminal: 'littlebox ps', 'littlebox ns diff NAME', 'littlebox exec -it NAME sh'. Here, s opens a shell in it."],
    };
}
