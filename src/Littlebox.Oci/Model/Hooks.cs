namespace Littlebox.Oci;

/// <summary><c>hooks</c> (config.md, POSIX-platform Hooks): each list in the order in which it is run.</summary>
public sealed record Hooks
{
    /// <summary>No hooks at all.</summary>
    public static Hooks None { get; } = new();

    /// <summary><c>prestart</c>, deprecated by the spec and still used.</summary>
    public IReadOnlyList<Hook> Prestart { get; init; } = [];

    /// <summary><c>createRuntime</c></summary>
    public IReadOnlyList<Hook> CreateRuntime { get; init; } = [];

    /// <summary><c>createContainer</c></summary>
    public IReadOnlyList<Hook> CreateContainer { get; init; } = [];

    /// <summary><c>startContainer</c></summary>
    public IReadOnlyList<Hook> StartContainer { get; init; } = [];

    /// <summary><c>poststart</c></summary>
    public IReadOnlyList<Hook> Poststart { get; init; } = [];

    /// <summary><c>poststop</c></summary>
    public IReadOnlyList<Hook> Poststop { get; init; } = [];
}

/// <summary>One hook: a program on the host (in the container for startContainer).</summary>
public sealed record Hook
{
    /// <summary><c>path</c>: absolute.</summary>
    public required string Path { get; init; }

    /// <summary><c>args</c>, the first of which is argv[0]; empty where not given.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary><c>env</c>: all of the hook's environment.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary><c>timeout</c>, seconds; null waits as long as it takes.</summary>
    public int? Timeout { get; init; }
}
