namespace Littlebox.OciCli.CommandLine;

/// <summary>A verb of the command line: its words and flags, and what it does. One file each in <c>Verbs/</c>, listed in <see cref="VerbTable"/>.</summary>
internal abstract class Verb
{
    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, in one line of the help.</summary>
    public abstract string Summary { get; }

    /// <summary>Its words after the flags, as the help shows them.</summary>
    public abstract string Words { get; }

    /// <summary>What the help says beside the flags.</summary>
    public virtual string Description => "";

    /// <summary>Its flags.</summary>
    public virtual Flag[] Flags => [];

    /// <summary>How many words it has at least.</summary>
    public virtual int LeastWords => 1;

    /// <summary>How many words it has at most.</summary>
    public virtual int MostWords => 1;

    /// <summary>Flags end at the first word, since what follows is another program's; else they may stand after words too.</summary>
    public virtual bool FlagsEndAtFirstWord => false;

    /// <summary>Whatever follows it is taken, flags and words.</summary>
    public virtual bool TakesAnything => false;

    /// <summary>The exit code where it fails.</summary>
    public virtual int FailureCode => 1;

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    public abstract int Run(Invocation invocation);
}
