using Littlebox.Boot;
using Littlebox.Linux;

namespace Littlebox.Plan;

/// <summary>Where a step runs.</summary>
public enum Place
{
    /// <summary>In the process of littlebox.</summary>
    Host,

    /// <summary>In the child, as operations of the boot program.</summary>
    Inside,
}

/// <summary>
/// One step of a plan: data, made before anything is done. What people read is made only when somebody reads it.
/// </summary>
public abstract class Step
{
    /// <summary>What it does, in a few words: <c>Give the container its host name</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Why it is there, and why at this place.</summary>
    public required string Why { get; init; }

    /// <summary>The option, or the JSON pointer into config.json, that it comes from; <c>null</c> for what every container has.</summary>
    public string? Field { get; init; }

    /// <summary>What a person would type with util-linux; lines of bash. Empty where there is nothing to type.</summary>
    public Func<IEnumerable<string>> Shell { get; init; } = static () => [];

    /// <summary>The likely cause and the remedy for an error number, or <c>null</c>.</summary>
    public Func<Errno, string?> Hint { get; init; } = static _ => null;

    /// <summary>Where it runs.</summary>
    public abstract Place Where { get; }

    /// <inheritdoc/>
    public override string ToString() => Title;
}

/// <summary>A step in the process of littlebox, with the way to undo it.</summary>
public sealed class HostStep : Step
{
    /// <inheritdoc/>
    public override Place Where => Place.Host;

    /// <summary>Does it. Throws <see cref="SystemCallException"/> or <see cref="LittleboxException"/>, and then has left nothing behind.</summary>
    public required Action Do { get; init; }

    /// <summary>Takes it back; called when a later step fails, and at the end of the container. Must not throw for what is gone already.</summary>
    public Action? Undo { get; init; }

    /// <summary>The system calls it makes, as strace prints them, for explain.</summary>
    public Func<IEnumerable<string>> Calls { get; init; } = static () => [];
}

/// <summary>A step in the child: operations of the boot program.</summary>
public sealed class InsideStep : Step
{
    /// <inheritdoc/>
    public override Place Where => Place.Inside;

    /// <summary>Adds its operations. Called once for each program that is built, always in the order of the plan.</summary>
    public required Action<BootBuilder> Compile { get; init; }
}
