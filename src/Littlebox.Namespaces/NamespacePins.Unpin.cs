using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Namespaces;

/// <summary>Removing pins.</summary>
public sealed partial class NamespacePins
{
    /// <summary>Removes pins. The namespaces live on while anything else holds them.</summary>
    /// <param name="name">The name.</param>
    /// <param name="kinds">Which kinds; <c>None</c> means all that littlebox has pinned under that name, or a network namespace of others where there is nothing else.</param>
    /// <returns>What has been removed, with what it held.</returns>
    /// <exception cref="LittleboxException">There is no such pin; no permission.</exception>
    public IReadOnlyList<NamespacePin> Unpin(string name, NamespaceFlags kinds)
    {
        using Descriptor? guard = LockWhatIsThere();
        List<NamespacePin> there = [.. All().Where(pin => pin.Name == name)];
        List<NamespacePin> chosen = [.. there.Where(pin => kinds == NamespaceFlags.None ? pin.IsOurs : kinds.HasFlag(pin.Kind))];
        if (chosen.Count == 0 && kinds == NamespaceFlags.None) chosen = there;
        if (chosen.Count == 0) throw NoSuchPin(name, there);
        foreach (NamespaceFlags kind in NamespaceKinds.All)
        {
            if (kinds.HasFlag(kind) && chosen.TrueForAll(pin => pin.Kind != kind)) throw NoSuchPin($"{name} of kind {NamespaceKinds.NameOf(kind)}", there);
        }
        foreach (NamespacePin pin in chosen) Remove(pin);
        RemoveEmpty(name);
        return chosen;
    }

    /// <summary>Removes one pin, its mount first. What is neither a mounted namespace nor an empty file is left alone.</summary>
    /// <exception cref="LittleboxException">It cannot be removed.</exception>
    internal void Remove(NamespacePin pin)
    {
        try
        {
            // Several mounts may lie on one another; the place is free when the file below comes to light.
            while (TryOpenPin(pin.Path) is { } mounted)
            {
                mounted.Dispose();
                Kernel.Unmount(pin.Path, UnmountFlags.Detach | UnmountFlags.NoFollow);
            }
            if (Kernel.TryStatx(Strace.CurrentDirectory, pin.Path, follow: false, out FileStatus status) >= 0)
            {
                if (!IsEmptyFile(status)) throw new LittleboxException(ErrorKind.SafetyViolation, $"{pin.Path} is not an empty file, so it is no pin and is left alone");
                Kernel.UnlinkAt(Strace.CurrentDirectory, pin.Path);
            }
            if (pin is { Kind: NamespaceFlags.Network, IsOurs: true }) Kernel.TryUnlinkAt(Strace.CurrentDirectory, $"{Places.Own}/{pin.Name}/net");
        }
        catch (SystemCallException error)
        {
            throw new LittleboxException(error.Error is Errno.EPERM or Errno.EACCES ? ErrorKind.NotSupported : ErrorKind.SystemError,
                error.Error is Errno.EPERM or Errno.EACCES
                    ? $"{pin.Path} cannot be removed: that needs CAP_SYS_ADMIN in this mount namespace; try again as root (sudo)"
                    : $"{pin.Path} cannot be removed: {error.Error.Describe()}",
                error);
        }
    }

    /// <summary>The lock of the writers; <c>null</c> where there is no directory yet, or none that we may look into.</summary>
    private Descriptor? LockWhatIsThere()
    {
        int opened = Kernel.TryOpenAt2(Strace.CurrentDirectory, Places.Own, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened < 0) return null;
        var guard = new Descriptor(opened);
        Kernel.Flock(opened, LockOperation.Exclusive);
        return guard;
    }

    private void RemoveEmpty(string name) => Kernel.TryUnlinkAt(Strace.CurrentDirectory, $"{Places.Own}/{name}", isDirectory: true);

    private static bool IsEmptyFile(FileStatus status) => status.Type == FileTypes.Regular && status.Size == 0;

    private LittleboxException NoSuchPin(string name, List<NamespacePin> there)
    {
        List<string> names = there.Count > 0 ? [.. there.Select(pin => $"{pin.Name} ({NamespaceKinds.NameOf(pin.Kind)})")] : [.. Names()];
        return new LittleboxException(ErrorKind.InvalidArgument, $"there is no pin {name}", names.Count == 0 ? "nothing is pinned" : $"there are: {string.Join(", ", names.Take(20))}");
    }
}
