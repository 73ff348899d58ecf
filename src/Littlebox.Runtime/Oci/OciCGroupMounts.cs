using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.CGroups;
using Littlebox.Runtime.Steps;

namespace Littlebox.Runtime.Oci;

/// <summary>
/// A mount of type <c>cgroup</c> (config-linux.md, cgroup v1 and v2): the container's own cgroups, version 2 as they are, version 1 and hybrid as a directory with
/// each hierarchy. In a cgroup namespace they are mounted anew; without one the container's cgroup is bound, since a new mount would show the whole machine's.
/// </summary>
internal static class OciCGroupMounts
{
    private const MountAttributes AccessTimes = (MountAttributes)0x70;

    /// <summary>Adds the step.</summary>
    public static void Add(OciInside inside, Mount mount, MountOptions options, string field)
    {
        bool isNew = inside.Namespace(LinuxNamespaceType.CGroup) is not null;
        CGroupLayout? layout = inside.CGroups is { } steps ? steps.Layout : CGroupLayout.TryRead();
        if (layout is null || mount.Type == "cgroup2" && layout.Unified is null)
            throw new LittleboxException(ErrorKind.NotSupported, $"config.json: {field}: {(layout is null ? "no cgroup file system" : "version 2 of cgroups")} is not mounted on this machine, so that there is nothing to show");
        inside.Add($"Mount control groups at {mount.Destination}",
            isNew ? "as the cgroup namespace shows them: the container's own cgroup is the root of each" : "the container's own cgroup is bound: without a cgroup namespace a new mount would show the machine's", field,
            program =>
            {
                Register target = program.OpenBeneath(inside.Root, mount.Destination, MakeMissing.Directory, mount.Destination);
                if (layout.IsUnified || mount.Type == "cgroup2")
                {
                    program.Attach(Hierarchy(program, inside, layout.Unified!, options, isNew), target);
                    return;
                }
                // Read-only at the end, when the hierarchies have been mounted in it.
                MountAttributes attributes = options.Set & ~AccessTimes;
                Register tmpfs = program.NewFileSystem("tmpfs", attributes & ~MountAttributes.ReadOnly, new KeyValuePair<string, string>("mode", "755"));
                program.Attach(tmpfs, target);
                foreach (CGroupHierarchy hierarchy in layout.All)
                {
                    string place = hierarchy.MountPoint[(hierarchy.MountPoint.LastIndexOf('/') + 1)..];
                    Register directory = program.OpenRealDirectory(tmpfs, place, place);
                    program.Attach(Hierarchy(program, inside, hierarchy, options, isNew), directory);
                    if (hierarchy.Controllers.Count < 2 || hierarchy.IsUnified) continue;
                    // cpu leads to cpu,cpuacct, as on the machine.
                    foreach (string controller in hierarchy.Controllers)
                    {
                        if (controller != place) program.Call(SystemCallNumber.Symlinkat, $"symlinkat({place}, {tmpfs}, {controller})", program.String(place), tmpfs, program.String(controller)).Tolerate(Errno.EEXIST);
                    }
                }
                if ((attributes & MountAttributes.ReadOnly) != 0) program.SetMount(tmpfs, recursive: false, MountAttributes.ReadOnly);
            },
            static error => error is Errno.EBUSY or Errno.EPERM ? "this user namespace may not mount control groups: it must have a cgroup namespace of its own (/linux/namespaces)" : null);
    }

    private static Register Hierarchy(BootBuilder program, OciInside inside, CGroupHierarchy hierarchy, MountOptions options, bool isNew)
    {
        MountAttributes attributes = options.Set & ~AccessTimes;
        if (!isNew)
        {
            // A hierarchy in which the container has no cgroup of its own has the caller's.
            string path = inside.CGroups!.Places.GetValueOrDefault(hierarchy.Name) is { } own && inside.CGroups.Has(hierarchy.Name) ? own : hierarchy.PathOf(hierarchy.OwnBeneath);
            Register bound = program.CloneTree(path, path, recursive: false);
            OciMountSteps.Apply(program, bound, options);
            return bound;
        }
        Register made = hierarchy.IsUnified ? program.NewFileSystem("cgroup2", attributes) : program.NewFileSystem("cgroup", attributes, hierarchy.Controllers.Select(static controller =>
            controller.StartsWith("name=", StringComparison.Ordinal) ? new KeyValuePair<string, string>("name", controller[5..]) : new KeyValuePair<string, string>(controller, "")));
        OciMountSteps.Apply(program, made, options, made: true);
        return made;
    }
}
