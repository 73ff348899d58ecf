using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox learn</c>: the command line of it.</summary>
internal static class LearnVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "learn",
        Summary = "build a container by hand, as a guided lesson",
        Arguments = "[CHAPTER]",
        Description = """
            A walk through everything that makes a container, on this machine and for real: namespaces, a hostname of one's own, the root put in place, a /proc of its own, pivot_root, the old mounts gone, lsns and the comparison of inodes, and a namespace made permanent. Each chapter says what is about to happen and why, shows the command that a person would type and the kernel's own state before, takes the steps, and shows what has changed.

            Enter goes on, s opens a shell in the container as it stands, q ends. CHAPTER, a name or a number, begins there; the steps before it are taken without a word.

            The steps are those of 'littlebox run'. Nothing is left behind, wherever the lesson ends.
            """,
        MostWords = 1,
        WordChoices = ["namespaces", "hostname", "root", "proc", "pivot_root", "mounts", "inodes", "permanent", "1", "2", "3", "4", "5", "6", "7", "8"],
        Options =
        [
            new() { Name = "list", Short = 'l', Help = "list the chapters" },
            new() { Name = "yes", Short = 'y', Help = "go on without asking: for reading, and for tests" },
        ],
        Examples = [("littlebox learn", "from the beginning"), ("littlebox learn pivot_root", "from that chapter on"), ("littlebox learn --yes | less", "to read it all")],
        ExitCodes = [("0", "the end, or q"), ("125", "a step failed; nothing is left behind"), ("130", "Ctrl-C")],
        Run = Learn.LearnCommand.Run,
    };
}
