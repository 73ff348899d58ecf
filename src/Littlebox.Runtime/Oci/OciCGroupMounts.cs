using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Steps;

namespace Littlebox.Runtime.Oci;

/// <summary>A mount of type <c>cgroup</c> (config-linux.md, cgroup v1 and v2): version 2 as it is, version 1 as a directory with each of its hierarchies.</summary>
internal static class OciCGroupMounts
{
    /// <summary>Adds the step.</summary>
    public static void Add(OciInside inside, Mount mount, MountOptions options, string field)
    {
        (string Place, string[] Controllers)[] hierarchies = Hierarchies();
        inside.Add($"Mount control groups at {mount.Destination}", "as the cgroup namespace shows them: the container's own cgroup is the root of each", field,
            program =>
            {
                Register target = program.OpenBeneath(inside.Root, mount.Destination, MakeMissing.Directory, mount.Destination);
                MountAttributes attributes = options.Set & ~(MountAttributes)0x70;
                if (hierarchies.Length == 0)
                {
                    program.Attach(program.NewFileSystem("cgroup2", attributes), target);
                    return;
                }
                // Read-only at the end, when the hierarchies have been mounted in it.
                Register tmpfs = program.NewFileSystem("tmpfs", attributes & ~MountAttributes.ReadOnly, new KeyValuePair<string, string>("mode", "755"));
                program.Attach(tmpfs, target);
                foreach ((string place, string[] controllers) in hierarchies)
                {
                    Register directory = program.OpenRealDirectory(tmpfs, place, place);
                    Register hierarchy = program.NewFileSystem("cgroup", attributes, controllers.Select(static controller => controller.StartsWith("name=", StringComparison.Ordinal)
                        ? new KeyValuePair<string, string>("name", controller[5..]) : new KeyValuePair<string, string>(controller, "")));
                    program.Attach(hierarchy, directory);
                }
                if ((attributes & MountAttributes.ReadOnly) != 0) program.SetMount(tmpfs, recursive: false, MountAttributes.ReadOnly);
            },
            static error => error is Errno.EBUSY or Errno.EPERM ? "control groups can be mounted only in a cgroup namespace of the container's own: /linux/namespaces must have cgroup" : null);
    }

    // The version 1 hierarchies of this machine, by where they are mounted; none on a machine with version 2 only.
    private static (string Place, string[] Controllers)[] Hierarchies()
    {
        List<(string, string[])> found = [];
        foreach (string line in (SmallFile.TryReadText("/proc/self/mountinfo") ?? "").Split('\n'))
        {
            int dash = line.IndexOf(" - cgroup ", StringComparison.Ordinal);
            if (dash < 0) continue;
            string place = line.Split(' ')[4];
            string[] options = line[(dash + 3)..].Split(' ')[^1].Split(',');
            found.Add((place[(place.LastIndexOf('/') + 1)..], [.. options.Where(static option => option is not ("rw" or "ro" or "xattr" or "clone_children" or "noprefix") && !option.StartsWith("release_agent", StringComparison.Ordinal))]));
        }
        return [.. found];
    }
}
