using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Bus;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// Has systemd make the cgroups: a container is a transient scope (<c>--systemd-cgroup</c>). What systemd has a property for it is told, and everything is written
/// into the cgroup's files besides, which are ours (<c>Delegate=</c>). For one thread.
/// </summary>
public sealed class SystemdCGroupManager : ICGroupManager, IDisposable
{
    private const string RecordPrefix = "systemd:", UnitExists = "org.freedesktop.systemd1.UnitExists";
    // A unit of the same name that is ending just now is gone after some of these; each waits longer.
    private const int Tries = 8;

    private readonly SystemdInstance instance;
    private readonly UnitPlace place;
    private readonly CGroupLayout? layout;
    private readonly CGroupPath? path;
    private readonly LinuxSection? linux;
    private readonly IReadOnlyList<UnitProperty> annotations = [];
    private readonly IReadOnlyDictionary<string, string> needed = new Dictionary<string, string>();
    private SystemdClient? client;
    private LinuxResources? resources;
    private bool started;

    /// <summary>For a container that is to be made. Connects to systemd.</summary>
    /// <param name="instance">Whose systemd.</param>
    /// <param name="spec">The document.</param>
    /// <param name="id">The container's id.</param>
    /// <param name="layout">The machine's hierarchies.</param>
    /// <param name="rootless">The caller may not be root of the machine.</param>
    /// <exception cref="LittleboxException">There is no systemd, it cannot be asked by this user, or a limit cannot be enforced; nothing has been touched.</exception>
    public SystemdCGroupManager(SystemdInstance instance, Spec spec, string id, CGroupLayout layout, bool rootless)
    {
        this.instance = instance;
        this.layout = layout;
        linux = spec.Linux;
        place = UnitPlace.Parse(linux.CGroupsPath, id, instance);
        annotations = UnitAnnotations.Of(spec.Annotations);
        needed = ResourceLimits.Needed(linux.Resources, layout, rootless);
        if (instance is SystemdInstance.User && !layout.IsUnified)
            throw new LittleboxException(ErrorKind.NotSupported, "--systemd-cgroup: an ordinary user's systemd has cgroups of version 2 only, and this machine has version 1: have the engine make them itself "
                + "(podman: cgroup_manager = \"cgroupfs\")");
        Client.CheckPids();
        path = CGroupPath.Parse("/" + Beneath(Client.ControlGroup, layout.Unified) + place.CGroup, id);
    }

    /// <summary>For a container that is there.</summary>
    private SystemdCGroupManager(SystemdInstance instance, string unit)
    {
        this.instance = instance;
        place = new UnitPlace("", unit);
    }

    /// <inheritdoc/>
    public string Record => $"{RecordPrefix}{(instance is SystemdInstance.User ? "user" : "system")}:{place.Unit}";

    /// <inheritdoc/>
    public bool NeedsProcess => true;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Paths => layout is null ? new Dictionary<string, string>() : ContainerCGroups.PathsOf(layout, path!);

    /// <inheritdoc/>
    /// <remarks>
    /// A user may move a process only between cgroups below one that is his: not out of his session's, which root's systemd has made. His own systemd asks that one to.
    /// </remarks>
    public bool Attaches
    {
        get
        {
            if (instance is not SystemdInstance.User) return false;
            try
            {
                return Client is not null;
            }
            catch (LittleboxException)
            {
                // Perhaps he may nevertheless; else the clone into the cgroup says why not.
                return false;
            }
        }
    }

    private SystemdClient Client => client ??= SystemdInstances.Connect(instance);

    /// <summary>The manager of a container that is there; <c>null</c> where its record is another manager's.</summary>
    public static SystemdCGroupManager? TryOf(string record)
    {
        string[] parts = record.Split(':', 3);
        if (parts.Length < 3 || parts[0] + ":" != RecordPrefix || parts[1] is not ("user" or "system")) return null;
        return new SystemdCGroupManager(parts[1] == "user" ? SystemdInstance.User : SystemdInstance.System, parts[2]);
    }

    /// <inheritdoc/>
    public ContainerCGroups Make(int pid)
    {
        UnitLimits? limits = linux!.Resources is { } wanted ? UnitLimits.Of(wanted, LimitContext.Of(layout!), () => Client.Version) : null;
        resources = limits?.Resources;
        Start([.. Basics(pid), .. annotations, .. Devices(linux.Resources ?? new LinuxResources()), .. limits?.Properties ?? [], .. OutOfMemoryPolicy()]);
        started = true;
        return ContainerCGroups.Make(layout!, path!, needed, pid: pid);
    }

    /// <inheritdoc/>
    public void Limit(ContainerCGroups cgroups, LinuxResources wanted)
    {
        if (started)
        {
            // The unit has been made with them.
            ResourceLimits.Apply(cgroups, resources ?? wanted);
            return;
        }
        var limits = UnitLimits.Of(wanted, LimitContext.Of(cgroups), () => Client.Version);
        IReadOnlyList<LimitWrite> writes = ResourceLimits.Compile(limits.Resources, LimitContext.Of(cgroups));
        IReadOnlyList<UnitProperty> devices = wanted.Devices.Count > 0 ? Devices(wanted, cgroups.IsUnified) : [];
        // On version 1 systemd denies all devices for a moment before it allows some.
        bool freezes = devices.Count > 0 && !cgroups.IsUnified && !CGroupFreezer.IsFrozen(cgroups);
        if (freezes) CGroupFreezer.Freeze(cgroups);
        try
        {
            Client.Set(place.Unit, [.. limits.Properties, .. devices]);
        }
        catch (BusErrorException refused)
        {
            throw Refused(refused, "SetUnitProperties", [.. limits.Properties, .. devices]);
        }
        finally
        {
            if (freezes) CGroupFreezer.Thaw(cgroups);
        }
        LimitWriter.Write(cgroups, writes);
    }

    /// <inheritdoc/>
    public void Attach(int pid, string beneath)
    {
        try
        {
            Client.CheckPids();
            Client.Attach(place.Unit, "/" + beneath.Trim('/'), pid);
        }
        catch (BusErrorException refused)
        {
            throw Refused(refused, "AttachProcessesToUnit", []);
        }
    }

    /// <inheritdoc/>
    public void Undo(ContainerCGroups? cgroups)
    {
        if (!started) return;
        started = false;
        try
        {
            cgroups?.Undo();
            End();
        }
        catch (LittleboxException)
        {
            // What is left of a unit without processes systemd removes by itself.
        }
    }

    /// <inheritdoc/>
    public bool TryRemoveNow(IReadOnlyDictionary<string, string> paths)
    {
        if (!CGroupRemoval.TryRemoveNow(paths)) return false;
        Forget();
        return true;
    }

    /// <inheritdoc/>
    public void Remove(ContainerCGroups cgroups)
    {
        CGroupRemoval.Remove(cgroups);
        Forget();
    }

    /// <inheritdoc/>
    public void Dispose() => client?.Dispose();

    // The cgroups are gone. A systemd that is not there any more (of a user who has logged out) has no unit either.
    private void Forget()
    {
        try
        {
            End();
        }
        catch (LittleboxException gone) when (gone.Kind is ErrorKind.NotSupported)
        {
        }
    }

    private void End()
    {
        try
        {
            Client.Stop(place.Unit);
            // One whose process was killed for want of memory has failed, and stays until somebody has seen it.
            Client.ResetFailed(place.Unit);
        }
        catch (BusErrorException refused)
        {
            throw Refused(refused, "StopUnit", []);
        }
    }

    private void Start(IReadOnlyList<UnitProperty> properties)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Client.Start(place.Unit, properties);
                return;
            }
            catch (BusErrorException exists) when (exists.Name == UnitExists && attempt < Tries && !IsInUse())
            {
                // One that has failed, or is ending.
                Client.ResetFailed(place.Unit);
                Thread.Sleep(attempt * 5);
            }
            catch (BusErrorException refused)
            {
                throw Refused(refused, "StartTransientUnit", properties);
            }
        }
    }

    private bool IsInUse()
    {
        using ContainerCGroups cgroups = ContainerCGroups.Open(Paths);
        return CGroupProcesses.Of(cgroups).Count > 0;
    }

    private List<UnitProperty> Basics(int pid) =>
    [
        new("Description", BusValue.Of($"littlebox container {place.Unit[..place.Unit.LastIndexOf('.')]}")),
        new("Slice", BusValue.Of(place.Slice), "/linux/cgroupsPath"),
        new("Delegate", BusValue.Of(true)),
        new("PIDs", new BusArray("u", [new BusNumber('u', (uint)pid)])),
        new("MemoryAccounting", BusValue.Of(true)),
        new("CPUAccounting", BusValue.Of(true)),
        new(layout!.IsUnified ? "IOAccounting" : "BlockIOAccounting", BusValue.Of(true)),
        new("TasksAccounting", BusValue.Of(true)),
        // Without these it is not ended before others at shutdown, as engines do that themselves.
        new("DefaultDependencies", BusValue.Of(false)),
    ];

    private IReadOnlyList<UnitProperty> Devices(LinuxResources wanted) => Devices(wanted, layout!.IsUnified);

    // A user's systemd may put no rules for devices into force.
    private IReadOnlyList<UnitProperty> Devices(LinuxResources wanted, bool isUnified) => instance is SystemdInstance.User ? [] : UnitDevices.Of(ResourceLimits.Devices(wanted), isUnified);

    // Of a scope it can be said only at the start, and since version 253.
    private UnitProperty[] OutOfMemoryPolicy()
    {
        string? group = linux!.Resources?.Unified.FirstOrDefault(static pair => pair.Key == "memory.oom.group").Value?.Trim();
        return group is "0" or "1" && Client.Version >= 253 ? [new("OOMPolicy", BusValue.Of(group == "1" ? "kill" : "continue"), "/linux/resources/unified/memory.oom.group")] : [];
    }

    private LittleboxException Refused(BusErrorException error, string call, IReadOnlyList<UnitProperty> properties)
    {
        string detail = $"{call}({Linux.Text.Strace.Quote(place.Unit)}, …): {error.Message}";
        if (error.Name == UnitExists)
            return new LittleboxException(ErrorKind.InvalidArgument, $"config.json: /linux/cgroupsPath: systemd has a unit {place.Unit} already: a container needs one of its own", detail);
        if (error.Name is "org.freedesktop.DBus.Error.AccessDenied" or "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired")
            return new LittleboxException(ErrorKind.NotSupported, "--systemd-cgroup: systemd does not let this user make units: run the runtime as root, or as a user with a session of his own (--rootless=true)", detail);
        UnitProperty? about = properties.LastOrDefault(property => property.Pointer.Length > 0 && error.Text.Contains(property.Name, StringComparison.Ordinal));
        // A value of another type than the property's: systemd does not say which. The runtime knows the types of those that it sets itself.
        if (about is null && error.Name == "System.Error.ENXIO" && annotations.Count > 0)
        {
            return new LittleboxException(ErrorKind.InvalidArgument,
                $"config.json: {string.Join(" or ", annotations.Select(static property => property.Pointer))}: systemd wants a value of another type (org.freedesktop.systemd1(5) has them): {error.Text}", detail);
        }
        return about is not null
            ? new LittleboxException(ErrorKind.InvalidArgument, $"config.json: {about.Pointer}: systemd does not take {about.Name} of the type {about.Value.Signature}: {error.Text}", detail)
            : new LittleboxException(ErrorKind.SystemError, $"systemd has refused the unit {place.Unit}: {error.Text}", detail);
    }

    // Where the mount shows a part of the tree only (a container without a cgroup namespace), what it does not show does not count.
    private static string Beneath(string group, CGroupHierarchy? unified)
    {
        string root = unified is null or { Root: "/" } ? "" : unified.Root;
        string shown = group.StartsWith(root, StringComparison.Ordinal) ? group[root.Length..] : group;
        return shown.Trim('/') is { Length: > 0 } path ? path + "/" : "";
    }
}
