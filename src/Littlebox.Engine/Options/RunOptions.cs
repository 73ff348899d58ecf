namespace Littlebox.Engine.Options;

/// <summary>What <c>run</c> was asked for, as the user wrote it; nothing is checked yet. From it <see cref="RequestResolver"/> makes a request.</summary>
public sealed class RunOptions
{
    /// <summary>ROOT: <c>default</c>, <c>host</c>, or a path.</summary>
    public string Root { get; init; } = "default";

    /// <summary>The command and its arguments; empty for a shell.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary><c>--name</c>, or <c>null</c> to make one up.</summary>
    public string? Name { get; init; }

    /// <summary><c>--hostname</c>, or <c>null</c> for the name.</summary>
    public string? HostName { get; init; }

    /// <summary><c>-i</c>.</summary>
    public bool Interactive { get; init; }

    /// <summary><c>-t</c>.</summary>
    public bool Terminal { get; init; }

    /// <summary><c>-e</c>: <c>NAME=VALUE</c>, or <c>NAME</c> to pass on.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary><c>-w</c>.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary><c>-u</c>.</summary>
    public string? User { get; init; }

    /// <summary><c>-v</c>.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary><c>--mount</c>.</summary>
    public IReadOnlyList<string> Mounts { get; init; } = [];

    /// <summary><c>--tmpfs</c>.</summary>
    public IReadOnlyList<string> Tmpfs { get; init; } = [];

    /// <summary><c>--read-only</c>.</summary>
    public bool ReadOnly { get; init; }

    /// <summary><c>--init</c>.</summary>
    public bool Init { get; init; }

    /// <summary><c>--pidfile</c>.</summary>
    public string? PidFile { get; init; }

    /// <summary>The namespace options by their names without dashes: net, pid, ipc, uts, cgroupns, userns, time.</summary>
    public IReadOnlyDictionary<string, string> Namespaces { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary><c>--uidmap</c>.</summary>
    public IReadOnlyList<string> UidMap { get; init; } = [];

    /// <summary><c>--gidmap</c>.</summary>
    public IReadOnlyList<string> GidMap { get; init; } = [];

    /// <summary><c>--cap-add</c>.</summary>
    public IReadOnlyList<string> AddCapabilities { get; init; } = [];

    /// <summary><c>--cap-drop</c>.</summary>
    public IReadOnlyList<string> DropCapabilities { get; init; } = [];

    /// <summary><c>--privileged</c>.</summary>
    public bool Privileged { get; init; }
}
