using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox doctor</c>: the command line of it.</summary>
internal static class DoctorVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "doctor",
        Summary = "try out what this kernel lets littlebox do",
        Description = """
            Tries, rather than guesses: each namespace, overlay file systems, idmapped mounts, the cgroup versions and what is delegated to this user, seccomp, the limits of user namespaces, subordinate user and group IDs. Prints what works, what does not, how much it matters, and the line that mends it.

            Each thing is done by a child of littlebox that ends right behind it, in namespaces of its own: the machine stays as it is.

            The exit code is 0 when containers can run here, 1 when something that they need is missing.
            """,
        Options = [new() { Name = "json", Help = "print JSON" }],
        Examples =
        [
            ("littlebox doctor", "the whole examination"),
            ("littlebox doctor --json | jq -r '.findings[] | select(.works == false) | .remedy // .detail'", "only what to mend"),
        ],
        ExitCodes = [("0", "containers can run here"), ("1", "something that they need is missing")],
        Run = Doctor.DoctorCommand.Run,
    };
}
