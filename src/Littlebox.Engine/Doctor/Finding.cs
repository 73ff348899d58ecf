namespace Littlebox.Engine.Doctor;

/// <summary>How much a thing matters to littlebox.</summary>
public enum Weight
{
    /// <summary>Without it no container runs.</summary>
    Needed,

    /// <summary>Used where it is there; without it some option, some root or some user goes without.</summary>
    Used,

    /// <summary>Nothing that this version does depends on it; later ones will.</summary>
    Later,
}

/// <summary>What was found out about one thing.</summary>
/// <param name="Group">What it belongs to: <c>namespaces</c>.</param>
/// <param name="Name">Its name, stable over versions: <c>uts</c>.</param>
/// <param name="Works">Whether it works; <c>null</c> where there is nothing to work, only to know.</param>
/// <param name="Weight">How much it matters.</param>
/// <param name="Detail">One line: what was seen, or the call that failed.</param>
public sealed record Finding(string Group, string Name, bool? Works, Weight Weight, string Detail)
{
    /// <summary>The command that mends it, or <c>null</c> where none is known or nothing is broken.</summary>
    public string? Remedy { get; init; }

    /// <summary>It does not work because something else, which has a finding of its own, does not.</summary>
    public bool Follows { get; init; }

    /// <summary>True where containers cannot run because of this.</summary>
    public bool Prevents => Works == false && Weight == Weight.Needed;

    /// <summary>The finding of a trial. Where the trial's own namespaces could not be made, nothing was found out, and the namespaces have the reason.</summary>
    /// <param name="group">What it belongs to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="weight">How much it matters.</param>
    /// <param name="result">How the trial went.</param>
    /// <param name="good">What to say where it went well.</param>
    /// <param name="bad">What to say behind the call that failed.</param>
    /// <param name="remedy">The command that mends it.</param>
    internal static Finding Of(string group, string name, Weight weight, TrialResult result, string good, string bad = "", string? remedy = null) => result.Untried
        ? new Finding(group, name, null, weight, "not tried: the namespaces that it takes cannot be made") { Follows = true }
        : new Finding(group, name, result.Works, weight, result.Works ? good : result.Words("") + bad) { Remedy = result.Works ? null : remedy };
}
