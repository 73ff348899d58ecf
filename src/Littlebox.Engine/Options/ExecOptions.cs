namespace Littlebox.Engine.Options;

/// <summary>What <c>exec</c> was asked for, as the user wrote it.</summary>
public sealed class ExecOptions
{
    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>The command and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary><c>-i</c>.</summary>
    public bool Interactive { get; init; }

    /// <summary><c>-t</c>.</summary>
    public bool Terminal { get; init; }

    /// <summary><c>-e</c>.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary><c>-w</c>.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary><c>-u</c>.</summary>
    public string? User { get; init; }

    /// <summary><c>--cap-add</c>.</summary>
    public IReadOnlyList<string> AddCapabilities { get; init; } = [];

    /// <summary><c>--cap-drop</c>.</summary>
    public IReadOnlyList<string> DropCapabilities { get; init; } = [];

    /// <summary><c>--privileged</c>.</summary>
    public bool Privileged { get; init; }
}
