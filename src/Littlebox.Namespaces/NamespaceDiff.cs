using Littlebox.Linux;

namespace Littlebox.Namespaces;

/// <summary>One kind of namespace in two places.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="A">Inode in the first; <c>null</c> where that has none of the kind (a pin of a single kind, an old kernel).</param>
/// <param name="B">Inode in the second.</param>
public sealed record DiffRow(NamespaceFlags Kind, ulong? A, ulong? B)
{
    /// <summary>True when both are in the same namespace, false when in two; <c>null</c> where one of them has none.</summary>
    public bool? Same => A is null || B is null ? null : A == B;
}

/// <summary>Compares two sets of namespaces inode by inode, as <c>ls -Lli /proc/PID/ns</c> on both does.</summary>
public static class NamespaceDiff
{
    /// <summary>A row for each kind that either has.</summary>
    public static IReadOnlyList<DiffRow> Compare(OpenNamespaces a, OpenNamespaces b) =>
        [.. NamespaceKinds.All.Select(kind => new DiffRow(kind, a[kind]?.Inode, b[kind]?.Inode)).Where(row => row.A is not null || row.B is not null)];

    /// <summary>True when no kind differs.</summary>
    public static bool AllSame(IEnumerable<DiffRow> rows) => rows.All(row => row.Same is not false);
}
