namespace Littlebox.Cli.CommandLine;

/// <summary>What the value of an option, or a word of a verb, stands for; the shells complete it by this.</summary>
internal enum CompletionKind
{
    /// <summary>Free text.</summary>
    None,

    /// <summary>A file of this machine.</summary>
    File,

    /// <summary>A directory of this machine.</summary>
    Directory,

    /// <summary>The name of a running container.</summary>
    Container,

    /// <summary>A root: <c>default</c>, <c>host</c>, a directory or an archive.</summary>
    Root,

    /// <summary>A program, or a file with its arguments.</summary>
    Command,

    /// <summary>The mode of a namespace: <c>private</c>, <c>host</c>, <c>container:NAME</c> or <c>ns:PATH</c>.</summary>
    NamespaceMode,

    /// <summary>A container, a process or <c>host</c>.</summary>
    Target,

    /// <summary>The name of a verb of littlebox.</summary>
    Verb,
}
