namespace Littlebox.Cli.Verbs.Learn.Chapters;

/// <summary>A host name of its own.</summary>
internal static class HostNameChapter
{
    /// <summary>The words.</summary>
    public static Chapter Text => new()
    {
        Name = "hostname",
        Title = "A host name of its own",
        Call = "sethostname(",
        Text =
        [
            "The uts namespace holds two words, the host name and the NIS domain name. It is the smallest of all namespaces, and so the easiest to see at work: the child sets a new host name, and the machine keeps its own.",
        ],
        Commands = ["hostname littlebox", "exec bash"],
        Try = ["s, then 'hostname': littlebox. The same in another terminal of this machine: the old name. exit leads back here."],
    };
}
