namespace Littlebox.Cli.Verbs.Learn;

/// <summary>A chapter of the lesson: the words. What happens in it is done by the steps of the plan.</summary>
internal sealed record Chapter
{
    /// <summary>One word, for the command line.</summary>
    public required string Name { get; init; }

    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>
    /// How the text of the system call begins with whose step the chapter begins; <c>null</c> where it begins with the plan, or after it. It ends before
    /// the next chapter's step.
    /// </summary>
    public string? Call { get; init; }

    /// <summary>What and why, in paragraphs.</summary>
    public required string[] Text { get; init; }

    /// <summary>One more paragraph for an ordinary user.</summary>
    public string? ForUsers { get; init; }

    /// <summary>What a person would type.</summary>
    public required string[] Commands { get; init; }

    /// <summary>Show the whole mount table afterwards.</summary>
    public bool ShowsMounts { get; init; }

    /// <summary>Something to try afterwards.</summary>
    public required string[] Try { get; init; }
}
