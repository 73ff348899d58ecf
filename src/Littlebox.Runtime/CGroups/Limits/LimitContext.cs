using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>What the compiler of limits has to know of the machine: the version that has each controller, and for an update the values that are there.</summary>
/// <param name="isUnified">True where a controller is of version 2.</param>
/// <param name="isHybrid">True where version 1 is mounted as well.</param>
/// <param name="read">Reads a file of a controller; <c>null</c> where there is none yet.</param>
public sealed class LimitContext(Func<string, bool> isUnified, bool isHybrid, Func<string, string, string?> read)
{
    /// <summary>Collects the writes.</summary>
    public List<LimitWrite> Writes { get; } = [];

    /// <summary>True where version 1 has something.</summary>
    public bool HasLegacy => isHybrid;

    /// <summary>True where the controller is of version 2.</summary>
    public bool IsUnified(string controller) => isUnified(controller);

    /// <summary>What a file holds now.</summary>
    public string? Read(string controller, string file) => read(controller, file);

    /// <summary>Adds a write.</summary>
    public void Add(string controller, string file, string value, string pointer, bool mayComeLater = false, bool mayBeMissing = false, LimitWrite? otherwise = null) =>
        Writes.Add(new LimitWrite(controller, file, value, "/linux/resources/" + pointer) { MayComeLater = mayComeLater, MayBeMissing = mayBeMissing, Else = otherwise });

    /// <summary>Refuses what only the other version of cgroups has.</summary>
    public static LittleboxException Refuse(string pointer, string why, ErrorKind kind = ErrorKind.NotSupported) => new(kind, $"/linux/resources/{pointer} cannot be enforced: {why}");

    /// <summary>The context of a machine, before the container's cgroups are there.</summary>
    public static LimitContext Of(CGroupLayout layout) =>
        new(controller => layout.IsUnified || (layout.Of(controller) is { IsUnified: true } && layout.IsHybrid), layout.Legacy.Count > 0, static (_, _) => null);

    /// <summary>The context of a container's cgroups.</summary>
    public static LimitContext Of(ContainerCGroups cgroups) => new(
        controller => cgroups.IsUnified || cgroups.Of(controller) is { IsUnified: true }, !cgroups.IsUnified,
        (controller, file) => cgroups.Of(controller)?.Node.TryRead(file));
}
