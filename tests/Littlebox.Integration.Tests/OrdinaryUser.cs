namespace Littlebox.Integration.Tests;

/// <summary>
/// An ordinary user for one test: passwd, group, subuid and subgid of its own are bound over the machine's in a private mount namespace, so that
/// nothing of the machine changes. Disposing of it removes its home.
/// </summary>
public sealed class OrdinaryUser : IDisposable
{
    private const string Name = "littlebox-tester";

    private readonly Sandbox home = new();
    private readonly Sandbox files = new();

    /// <summary>Makes it.</summary>
    /// <param name="subordinateIds">It has subordinate user and group ids.</param>
    /// <param name="ranges">Which, <c>FIRST:COUNT</c>; 65536 unless given.</param>
    public OrdinaryUser(bool subordinateIds = false, params string[] ranges)
    {
        if (subordinateIds && !File.Exists("/usr/bin/newuidmap")) Assert.Skip("newuidmap is not installed: apt-get install uidmap");
        File.SetUnixFileMode(home.Path, (UnixFileMode)0b111_000_000);
        Program.Run("chown", [$"{Id}:{Id}", home.Path]).ExpectSuccess();
        files.Write("passwd", File.ReadAllText("/etc/passwd") + $"{Name}:x:{Id}:{Id}::{home.Path}:/bin/sh\n");
        files.Write("group", File.ReadAllText("/etc/group") + $"{Name}:x:{Id}:\n");
        string lines = subordinateIds ? string.Concat((ranges.Length > 0 ? ranges : [$"{FirstSubordinate}:65536"]).Select(static range => $"{Name}:{range}\n")) : "";
        files.Write("subuid", lines);
        files.Write("subgid", lines);
    }

    /// <summary>Its user and group id.</summary>
    public static int Id => 47110;

    /// <summary>Its first subordinate id.</summary>
    public static int FirstSubordinate => 3_000_000;

    /// <summary>Its home directory, mode 0700.</summary>
    public string Home => home.Path;

    /// <summary>Runs <c>littlebox</c> as this user.</summary>
    public RunResult Run(params string[] arguments) => RunProgram(NativeBinary.Location, arguments);

    /// <summary>Runs a program as this user.</summary>
    public RunResult RunProgram(string program, IEnumerable<string> arguments, string? input = null) => Program.Run("unshare", Words(program, arguments), input, Environment);

    /// <summary>Starts <c>littlebox</c> as this user.</summary>
    public RunningProgram Start(params string[] arguments) => Program.Start("unshare", Words(NativeBinary.Location, arguments), Environment);

    /// <inheritdoc/>
    public void Dispose()
    {
        home.Dispose();
        files.Dispose();
    }

    private (string, string?)[] Environment => [("HOME", Home), ("XDG_RUNTIME_DIR", Home), ("TMPDIR", Home), ("USER", Name)];

    // Every process in between is replaced by exec: what is started is littlebox itself, and signals reach it.
    private string[] Words(string program, IEnumerable<string> arguments) =>
    [
        "--mount", "--propagation", "private", "--", "sh", "-euc",
        $"for file in passwd group subuid subgid; do touch /etc/$file; mount --bind {files.Path}/$file /etc/$file; done; exec setpriv --reuid {Id} --regid {Id} --clear-groups --inh-caps=-all -- \"$@\"",
        "sh", program, .. arguments,
    ];
}
