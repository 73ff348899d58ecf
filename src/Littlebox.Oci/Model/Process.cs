namespace Littlebox.Oci;

/// <summary><c>process</c>, and the document of <c>exec --process</c> (config.md, Process).</summary>
public sealed record Process
{
    /// <summary>What waits in a container whose document has no process: nobody in particular, with no rights and no program.</summary>
    public static Process None { get; } = new() { Cwd = "/", Capabilities = new LinuxCapabilities(), NoNewPrivileges = true };

    /// <summary><c>terminal</c></summary>
    public bool Terminal { get; init; }

    /// <summary><c>consoleSize</c>: ignored where there is no terminal.</summary>
    public ConsoleSize? ConsoleSize { get; init; }

    /// <summary><c>user</c>; root where config.json has none.</summary>
    public User User { get; init; } = User.Root;

    /// <summary><c>args</c>: the program, looked up in PATH, and its arguments.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary><c>env</c>: NAME=VALUE.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary><c>cwd</c>: absolute, in the container.</summary>
    public required string Cwd { get; init; }

    /// <summary><c>capabilities</c>; null where config.json has none, which leaves the process without any.</summary>
    public LinuxCapabilities? Capabilities { get; init; }

    /// <summary><c>rlimits</c></summary>
    public IReadOnlyList<Rlimit> Rlimits { get; init; } = [];

    /// <summary><c>noNewPrivileges</c></summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary><c>apparmorProfile</c>; null where not given.</summary>
    public string? ApparmorProfile { get; init; }

    /// <summary><c>oomScoreAdj</c>, -1000 to 1000; null leaves it as it is.</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary><c>scheduler</c></summary>
    public Scheduler? Scheduler { get; init; }

    /// <summary><c>selinuxLabel</c>; null where not given.</summary>
    public string? SelinuxLabel { get; init; }

    /// <summary><c>ioPriority</c></summary>
    public IOPriority? IOPriority { get; init; }

    /// <summary><c>execCPUAffinity</c>: for exec, not for the container's first process.</summary>
    public ExecCPUAffinity? ExecCPUAffinity { get; init; }
}

/// <summary><c>process.consoleSize</c>, characters; 0 is not set, as engines write it.</summary>
public sealed record ConsoleSize(uint Height, uint Width);

/// <summary><c>process.execCPUAffinity</c>: lists of processors as <c>0-3,7</c>; null where not given.</summary>
public sealed record ExecCPUAffinity(string? Initial, string? Final);
