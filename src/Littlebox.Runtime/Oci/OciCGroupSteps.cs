using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Plan;
using Littlebox.Runtime.CGroups;

namespace Littlebox.Runtime.Oci;

/// <summary>
/// The container's cgroups in the plan (config-linux.md, Control groups): made, joined by the child itself, limited before the program is executed. For one
/// thread and one run.
/// </summary>
public sealed class OciCGroupSteps
{
    private readonly ContainerPlan plan;
    private readonly Spec spec;
    private readonly ICGroupManager? manager;
    private readonly IReadOnlyList<DeviceRule> devices;
    private readonly bool rootless;
    private ContainerCGroups? cgroups;
    private CGroupPlacement? placement;

    internal OciCGroupSteps(ContainerPlan plan, Spec spec, string id, OciOptions options)
    {
        this.plan = plan;
        this.spec = spec;
        rootless = options.Rootless ?? Rootless.IsIt();
        devices = spec.Linux.Resources is { } resources ? ResourceLimits.Devices(resources) : [];
        Layout = CGroupLayout.TryRead();
        manager = CGroupManagers.ToMake(spec, options.CGroupName ?? id, Layout, rootless, options.SystemdCGroup ? SystemdInstances.Choose(options.Rootless) : null);
    }

    /// <summary>Called with where the cgroups are going to be and with the manager's record, before anything is made.</summary>
    public Action<IReadOnlyDictionary<string, string>, string>? OnPlaces { get; set; }

    /// <summary>Where the cgroups are, for the container's record.</summary>
    public IReadOnlyDictionary<string, string> Paths => cgroups?.Paths ?? new Dictionary<string, string>();

    /// <summary>Who made them, for the container's record.</summary>
    public string Manager => manager?.Record ?? "";

    /// <summary>The machine's hierarchies; <c>null</c> where none is mounted.</summary>
    internal CGroupLayout? Layout { get; }

    /// <summary>Where they are going to be, by controller.</summary>
    internal IReadOnlyDictionary<string, string> Places => manager?.Paths ?? new Dictionary<string, string>();

    /// <summary>True where the container has a cgroup of its own in a hierarchy, by the name that its record has; until they are made, what is meant to be.</summary>
    internal bool Has(string name) => cgroups is null || cgroups.Paths.ContainsKey(name);

    /// <summary>The child waits for the cgroups before it does anything else.</summary>
    internal bool NeedsProcess => manager is { NeedsProcess: true };

    /// <summary>What the child keeps open until it has joined.</summary>
    internal IReadOnlyList<int> TaskFiles => placement?.TaskFiles ?? [];

    /// <summary>The version 2 cgroup that the child is cloned into, or -1.</summary>
    internal int Unified => placement?.Unified ?? -1;

    /// <summary>Makes the cgroups, where that needs no process.</summary>
    internal void Make()
    {
        if (manager is null) return;
        plan.Add(new HostStep
        {
            Title = "Make the control groups",
            Why = "before the child is there, which is in them from its first step on; where they will be is written down first, so that nothing is lost if this process is killed",
            Field = "/linux/cgroupsPath",
            Do = () =>
            {
                OnPlaces?.Invoke(manager.Paths, manager.Record);
                if (manager.NeedsProcess) return;
                cgroups = manager.Make(0);
                try
                {
                    LimitDevices();
                    GiveAway();
                    placement = CGroupPlacement.Prepare(cgroups);
                }
                catch
                {
                    Undo();
                    throw;
                }
            },
            Undo = Undo,
        });
    }

    /// <summary>Makes the cgroups around the child, where that needs one.</summary>
    internal void Adopt(Func<ChildSession> session)
    {
        if (!NeedsProcess) return;
        plan.Add(new HostStep
        {
            Title = "Have the control groups made around the child",
            Why = "this manager makes a cgroup only for a process that is there; the child waits meanwhile",
            Field = "/linux/cgroupsPath",
            Do = () =>
            {
                if (!session().Await(MessageKind.Ready)) throw new SystemCallException("recvfrom(channel)", Errno.ECONNRESET);
                cgroups = manager!.Make(session().Child.Pid);
                LimitDevices();
                GiveAway();
                session().Child.Answer();
            },
        });
    }

    /// <summary>The child joins: its first step.</summary>
    internal void Join(OciInside inside)
    {
        if (manager is null) return;
        if (manager.NeedsProcess)
        {
            inside.Add("Wait until the control groups are there", "the manager moves the child into them; what is made from here on is counted there", "/linux/cgroupsPath", static program => program.Report(MessageKind.Ready));
            return;
        }
        Join(inside, () => placement);
    }

    /// <summary>A child joins the cgroups of version 1 by itself; into that of version 2 it is cloned. Also for a later process (<c>exec</c>).</summary>
    /// <param name="inside">The plan's steps inside.</param>
    /// <param name="placement">What it needs; the child must have been told to keep <see cref="CGroupPlacement.TaskFiles"/>. <c>null</c> for no cgroups.</param>
    internal static void Join(OciInside inside, Func<CGroupPlacement?> placement) => inside.Add("Join the control groups",
        "by itself, while it has one thread: moved from outside it would wait for all processors (an RCU grace period); of version 2 it is in its cgroup since the clone", "/linux/cgroupsPath",
        program =>
        {
            Data self = program.Bytes("0"u8);
            foreach (int tasks in placement()?.TaskFiles ?? [])
            {
                program.Call(SystemCallNumber.Write, $"write({new Words(Linux.Text.Strace.Descriptor(tasks))}, \"0\", 1)", tasks, self, 1);
                program.Call(SystemCallNumber.Close, $"close({tasks})", tasks);
            }
        },
        static error => error switch
        {
            Errno.ENOSPC => "a cgroup of the controller cpuset has no processor or no memory node: cpuset.cpus and cpuset.mems of the cgroup above are empty",
            Errno.ENODEV => "the cgroup has been removed meanwhile",
            Errno.EAGAIN => "the limit of processes of the cgroup (pids.max) is reached",
            _ => null,
        });

    /// <summary>Puts the limits into force. The child goes on meanwhile; its program is executed only when this has been done.</summary>
    internal void Limit()
    {
        if (manager is null || spec.Linux.Resources is not { } resources) return;
        plan.Add(new HostStep
        {
            Title = "Put the limits into force",
            Why = "before the program is executed; the child, which has one process or two, goes on with its mounts meanwhile",
            Field = "/linux/resources",
            Do = () =>
            {
                manager.Limit(cgroups!, resources);
            },
        });
    }

    /// <summary>Why the clone into a cgroup of version 2 failed.</summary>
    internal string? HintOfClone(Errno error) => Unified < 0 ? null : error switch
    {
        Errno.EACCES => "this user may not start a process in the cgroup of version 2: the cgroup that it has in common with this process must be delegated too (its cgroup.procs writable); "
            + "run this in a delegated scope, for instance systemd-run --user --scope -p Delegate=yes",
        Errno.EBUSY => "the cgroup of version 2 has controllers enabled for cgroups beneath it, and so can have no process itself: choose another /linux/cgroupsPath",
        Errno.EOPNOTSUPP => "the cgroup of version 2 is threaded, or below a threaded one: choose another /linux/cgroupsPath",
        _ => null,
    };

    /// <summary>The cgroups are the container's from here on; what is open of them is closed.</summary>
    internal void Release()
    {
        placement?.Dispose();
        cgroups?.Dispose();
        (manager as IDisposable)?.Dispose();
    }

    // Before the child makes its devices: between a rule that denies all and those that allow some it could not. Without rules, too: a container may use no device but the default ones. Where its user is not root of the machine, rules cannot be put into force, and give
    // nothing either: a device node that the user may not open himself can be neither made nor opened in there.
    private void LimitDevices()
    {
        if (devices.Count == 0 && !DeviceLimits.ArePossible(cgroups!)) return;
        try
        {
            DeviceLimits.Apply(cgroups!, devices);
        }
        catch (LittleboxException refused) when (rootless && refused.Kind is ErrorKind.NotSupported)
        {
        }
    }

    // config-linux.md, Cgroup ownership: only where the container sees nothing but its own cgroup, and may write there.
    private void GiveAway()
    {
        if (rootless || spec.Linux.Namespace(LinuxNamespaceType.CGroup) is not { Path: null } || spec.Linux.Namespace(LinuxNamespaceType.User) is { Path: not null }) return;
        if (!spec.Mounts.Any(static mount => mount.Type is "cgroup" or "cgroup2" && !MountOptions.Parse(mount.Options).IsReadOnly)) return;
        long uid = spec.Process?.User.Uid ?? 0;
        foreach (LinuxIdMapping range in spec.Linux.UidMappings)
        {
            if (uid < range.ContainerId || uid - range.ContainerId >= range.Size) continue;
            uid = range.HostId + (uid - range.ContainerId);
            break;
        }
        if (uid != 0) CGroupOwnership.GiveTo(cgroups!, unchecked((int)(uint)uid));
    }

    private void Undo()
    {
        placement?.Dispose();
        manager!.Undo(cgroups);
        cgroups?.Dispose();
        cgroups = null;
    }
}
