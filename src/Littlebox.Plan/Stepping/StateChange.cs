namespace Littlebox.Plan.Stepping;

/// <summary>What happened to a thing between two moments.</summary>
public enum ChangeKind
{
    /// <summary>It was not there before.</summary>
    Appeared,

    /// <summary>It is not there any more.</summary>
    Vanished,

    /// <summary>It has another value.</summary>
    Changed,
}

/// <summary>One difference between two states of the kernel.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="What">To what: <c>host name</c>, <c>mount</c>, <c>descriptor 7</c>.</param>
/// <param name="Before">The value before; <c>null</c> where it appeared.</param>
/// <param name="After">The value after; <c>null</c> where it vanished.</param>
public sealed record StateChange(ChangeKind Kind, string What, string? Before, string? After)
{
    /// <summary>One line: <c>+ mount proc on /proc</c>, <c>- …</c>, <c>~ host name: vm → web</c>.</summary>
    public override string ToString() => Kind switch
    {
        ChangeKind.Appeared => $"+ {What}: {After}",
        ChangeKind.Vanished => $"- {What}: {Before}",
        _ => $"~ {What}: {Before} → {After}",
    };
}
