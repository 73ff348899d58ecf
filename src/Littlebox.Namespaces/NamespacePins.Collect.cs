using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Namespaces;

/// <summary>Something that <see cref="NamespacePins.Collect"/> removed, or would remove.</summary>
/// <param name="Path">Where.</param>
/// <param name="Why">Why it held nothing sensible.</param>
public sealed record CollectedPin(string Path, string Why);

/// <summary>What to collect.</summary>
/// <param name="Dead">Also pins whose namespace nothing else holds: no process, thread, descriptor, socket, child or owned namespace, and no other mount.</param>
/// <param name="DryRun">Change nothing.</param>
/// <param name="MinimumAge">Seconds that a file without a mount must have been there: another program may be about to mount on it.</param>
public sealed record CollectOptions(bool Dead = false, bool DryRun = false, int MinimumAge = 5);

/// <summary>Removing what pins have left behind.</summary>
public sealed partial class NamespacePins
{
    /// <summary>
    /// Removes mount points without a mount, pid namespaces whose first process has ended (nothing can ever run in them again), links and
    /// directories that lead to nothing, and where asked for, pins whose namespace nothing else uses. Network namespaces that other programs
    /// pinned are touched only where their mount has gone.
    /// </summary>
    /// <exception cref="LittleboxException">Something cannot be removed.</exception>
    public IReadOnlyList<CollectedPin> Collect(CollectOptions options)
    {
        var collected = new List<CollectedPin>();
        using Descriptor? guard = LockWhatIsThere();
        NamespaceSurvey survey = NamespaceSurvey.Take();
        foreach (NamespacePin pin in All())
        {
            if (WhyCollect(pin, survey, options) is not { } why) continue;
            collected.Add(new CollectedPin(pin.Path, why));
            if (!options.DryRun) Remove(pin);
        }
        foreach (string name in EntriesOf(Places.Own)) CollectDirectory(name, collected, options.DryRun);
        return collected;
    }

    private static string? WhyCollect(NamespacePin pin, NamespaceSurvey survey, CollectOptions options)
    {
        if (pin.Id is not { } id) return WhyStale(pin, survey, options.MinimumAge);
        if (!pin.IsOurs) return null;
        if (id.Kind is NamespaceFlags.Pid && IsDeadPidNamespace(pin, survey)) return $"the first process of {id} has ended, so that nothing can be started in it any more";
        if (!options.Dead || survey.Find(id) is not { } space) return null;
        // Copies of this very mount in other mount namespaces (/run/netns is shared) are no use of their own.
        return space.Holders.All(holder => holder is MountHolder mount && mount.Path == pin.Path) ? $"nothing but this pin holds {id}" : null;
    }

    private static string? WhyStale(NamespacePin pin, NamespaceSurvey survey, int minimumAge)
    {
        if (Kernel.TryStatx(Strace.CurrentDirectory, pin.Path, follow: false, out FileStatus status) < 0 || !IsEmptyFile(status)) return null;
        if (DateTimeOffset.UtcNow.ToUnixTimeSeconds() - status.ChangeTime.Seconds < minimumAge) return null;
        // To remove a name on which another mount namespace has its mount would take that mount away there.
        bool usedElsewhere = survey.All.Any(space => space.Holders.Any(holder => holder is MountHolder mount && mount.Path == pin.Path));
        return usedElsewhere ? null : "nothing is mounted on it";
    }

    private static bool IsDeadPidNamespace(NamespacePin pin, NamespaceSurvey survey)
    {
        using Descriptor? file = TryOpenPin(pin.Path);
        if (file is null) return false;
        int first = Kernel.TryTranslatePid(file.Number, 1);
        Errno answer = Kernel.ErrorOf(first);
        // One that has ended, and that its parent has not waited for, starts nothing either.
        if (answer is Errno.None) return SmallFile.TryReadText($"/proc/{first}/stat") is { } stat && Surveyor.HasEnded(stat);
        // Before Linux 6.12 the kernel does not say; then the survey must have seen every process.
        return answer is Errno.ESRCH || (survey.HiddenProcesses == 0 && survey.Find(pin.Id!.Value)?.ProcessCount is 0);
    }

    private void CollectDirectory(string name, List<CollectedPin> collected, bool dryRun)
    {
        string directory = $"{Places.Own}/{name}", link = $"{directory}/net";
        bool gone = collected.Exists(pin => pin.Path == Places.PathOf(NamespaceFlags.Network, name));
        bool linkLeads = Kernel.TryStatx(Strace.CurrentDirectory, Places.PathOf(NamespaceFlags.Network, name), follow: false, out _) >= 0 && !gone;
        bool hasLink = Kernel.TryStatx(Strace.CurrentDirectory, link, follow: false, out FileStatus status) >= 0 && status.Type == FileTypes.SymbolicLink;
        if (hasLink && !linkLeads)
        {
            if (!gone) collected.Add(new CollectedPin(link, "the network namespace that it led to has been removed"));
            if (!dryRun) Kernel.TryUnlinkAt(Strace.CurrentDirectory, link);
            hasLink = false;
        }
        bool empty = !hasLink && EntriesOf(directory).All(file => file is "net" || collected.Exists(pin => pin.Path == $"{directory}/{file}"));
        if (!empty) return;
        if (!dryRun && Kernel.TryUnlinkAt(Strace.CurrentDirectory, directory, isDirectory: true) < 0) return;
        collected.Add(new CollectedPin(directory, "the directory is empty"));
    }
}
