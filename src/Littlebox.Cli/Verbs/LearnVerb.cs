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
            A walk through everything that makes a container, on this machine and for real: namespaces, a hostname of one's own, the root put in place, pivot_root, the old mounts gone, /proc, lsns and the comparison of inodes, and a namespace made permanent. Each stop shows what is about to happen, the command that a person would type, and the kernel's own state before and after.

            The steps are those that 'littlebox run' takes. Nothing is left behind at the end.
            """,
        MostWords = 1,
        Options =
        [
            new() { Name = "list", Short = 'l', Help = "list the chapters" },
            new() { Name = "yes", Short = 'y', Help = "go on without asking: for reading, and for tests" },
        ],
        Examples = [("littlebox learn", "from the beginning"), ("littlebox learn --list", "the chapters")],
        Run = NotBuiltIn.Run,
    };
}
