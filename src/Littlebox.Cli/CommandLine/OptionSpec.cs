namespace Littlebox.Cli.CommandLine;

/// <summary>One option of a verb: what the parser accepts, the help prints and the shells complete. Immutable.</summary>
internal sealed record OptionSpec
{
    /// <summary>The long name without dashes: <c>hostname</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence without a full stop, which begins in lower case: what the option does.</summary>
    public required string Help { get; init; }

    /// <summary>The short name without dash, or <c>'\0'</c>.</summary>
    public char Short { get; init; }

    /// <summary>The placeholder of the value (<c>NAME</c>), or <c>null</c> for a flag.</summary>
    public string? Value { get; init; }

    /// <summary>The value may be left out; given, it is attached: <c>--trace</c> or <c>--trace=FILE</c>.</summary>
    public bool ValueOptional { get; init; }

    /// <summary>Every occurrence counts. Of any other option the last occurrence wins, so that scripts can append.</summary>
    public bool Repeats { get; init; }

    /// <summary>The only values that are allowed, or <c>null</c>.</summary>
    public string[]? Choices { get; init; }

    /// <summary>What the value stands for.</summary>
    public CompletionKind Completion { get; init; }

    /// <summary>The heading below which the help lists the option; <c>null</c> for the first, plain one.</summary>
    public string? Group { get; init; }

    /// <summary>Accepted, but neither in the help nor completed.</summary>
    public bool Hidden { get; init; }

    /// <summary>True for an option without a value.</summary>
    public bool IsFlag => Value is null;
}
