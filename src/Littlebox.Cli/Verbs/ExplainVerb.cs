using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox explain</c>: the command line of it.</summary>
internal static class ExplainVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "explain",
        Summary = "show the steps that a run would take, and take none",
        Arguments = "run [OPTIONS] [ROOT [COMMAND…]]",
        Description = """
            Prints the plan of 'littlebox run' with the same options, and does nothing. Each step has a title, why it is there and why at this place, where it runs (on this machine, or inside the container), the system call, and the shell command that does the same.

            The plan is the one that 'run' carries out, not a description of it.
            """,
        StopsAtFirstWord = true,
        LeastWords = 1,
        MostWords = int.MaxValue,
        WordChoices = ["run"],
        InnerVerb = "run",
        Options =
        [
            new() { Name = "as-shell", Help = "print a bash script that builds the same container with util-linux" },
            new() { Name = "json", Help = "print the plan as JSON" },
        ],
        Examples =
        [
            ("littlebox explain run --hostname web default", "the plan, in words"),
            ("littlebox explain --as-shell run /srv/root sh > box.sh", "the same container as a script, to read or to run with sudo bash box.sh"),
        ],
        Run = ExplainCommand.Run,
    };
}
