using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Runtime.Steps;

namespace Littlebox.Engine.Doctor;

/// <summary>The system calls that littlebox is made of, and those that it uses where they are there; each is made by a child.</summary>
internal static class SystemCallTrials
{
    private const string Group = "system calls";

    // asm-generic/unistd.h of Linux 6.19; the headers that the other numbers are proved against need not know it yet.
    private const int Listns = 470;

    private const int CurrentDirectory = Strace.CurrentDirectory, EmptyPath = 0x1000;
    private const long Place = 0x200000 | 0x80000; // O_PATH|O_CLOEXEC

    public static IEnumerable<Finding> Find()
    {
        NamespaceFlags mount = Trial.For(NamespaceFlags.Mount);
        TrialResult clone = Trial.Run(NamespaceFlags.None, static _ => { });
        yield return new Finding(Group, "clone3", clone.Works, Weight.Needed, clone.Words("since Linux 5.3")) { Remedy = clone.Works ? null : Plan.Remedies.WithoutFilter };
        yield return Try("close_range", "5.9", Weight.Needed, NamespaceFlags.None, static program => program.Call(SystemCallNumber.CloseRange, $"close_range(1000, 1001, 0)", 1000, 1001, 0));
        yield return Try("pidfd_open", "5.3", Weight.Needed, NamespaceFlags.None, static program =>
        {
            Register pid = program.NewRegister("pid");
            program.Call(SystemCallNumber.Getpid, $"getpid()").To(pid);
            program.Call(SystemCallNumber.PidfdOpen, $"pidfd_open({pid}, 0)", pid, 0);
        });
        yield return Try("openat2", "5.6", Weight.Needed, NamespaceFlags.None, static program => program.Call(SystemCallNumber.Openat2, $"openat2(AT_FDCWD, \"/\", {{flags=O_PATH, resolve=RESOLVE_IN_ROOT}}, 24)",
            CurrentDirectory, program.String("/"), program.Structure(new OpenHow { Flags = (ulong)Place, Resolve = (ulong)ResolveFlags.InRoot }), 24));
        yield return Try("fsopen, fsconfig, fsmount", "5.2", Weight.Needed, mount, static program => program.NewFileSystem("tmpfs", MountAttributes.None));
        yield return Try("open_tree", "5.2", Weight.Needed, mount, static program => program.CloneTree("/proc/self", "tree", recursive: false));
        yield return Try("move_mount", "5.2", Weight.Needed, mount, static program => Scratch(program));
        yield return Try("mount_setattr", "5.12", Weight.Needed, mount, static program => program.SetMount(program.NewFileSystem("tmpfs", MountAttributes.None), recursive: true, MountAttributes.ReadOnly));
        yield return IntoControlGroup();
        // struct mnt_id_req { size, spare, mnt_id, param }: no mount has that number, so a kernel that has the call says ENOENT.
        yield return Try("statmount", "6.8", Weight.Later, NamespaceFlags.None, static program => program.Call(SystemCallNumber.Statmount, $"statmount({{mnt_id=LONG_MAX, param=STATMOUNT_SB_BASIC}}, …, 512, 0)",
            program.Bytes(Request(long.MaxValue, 1)), program.Reserve(512), 512, 0).Tolerate(Errno.ENOENT));
        yield return Try("listmount", "6.8", Weight.Later, NamespaceFlags.None, static program => program.Call(SystemCallNumber.Listmount, $"listmount({{mnt_id=LSMT_ROOT}}, …, 4, 0)",
            program.Bytes(Request(ulong.MaxValue, 0)), program.Reserve(32), 4, 0));
        yield return Try("listns", "6.19", Weight.Later, NamespaceFlags.None, static program => program.Call(Listns, $"listns({{size=32}}, …, 4, 0)",
            program.Bytes([32, 0, 0, 0, .. new byte[28]]), program.Reserve(32), 4, 0));
    }

    /// <summary>A file system in memory over the child's own /proc, a place that every machine has and that the child does not need.</summary>
    internal static Register Scratch(BootBuilder program, params ReadOnlySpan<string> directories)
    {
        // Nothing that is mounted here may reach the machine, whose mounts these are copies of.
        program.Call(SystemCallNumber.MountSetattr, $"mount_setattr(AT_FDCWD, \"/\", AT_RECURSIVE, {{propagation=MS_PRIVATE}}, 32)",
            CurrentDirectory, program.String("/"), 0x8000, program.Structure(new MountAttributesArgument { Propagation = (ulong)MountFlags.Private }), 32);
        Register scratch = program.NewFileSystem("tmpfs", MountAttributes.None, new KeyValuePair<string, string>("mode", "0755"));
        foreach (string name in directories) program.Call(SystemCallNumber.Mkdirat, $"mkdirat({scratch}, {name}, 0755)", scratch, program.String(name), 0x1ed);
        Register place = program.NewRegister("/proc");
        program.Call(SystemCallNumber.Openat, $"openat(AT_FDCWD, \"/proc\", O_PATH|O_CLOEXEC)", CurrentDirectory, program.String("/proc"), Place).To(place);
        program.Attach(scratch, place);
        return scratch;
    }

    private static byte[] Request(ulong mount, ulong parameter) => [24, 0, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(mount), .. BitConverter.GetBytes(parameter)];

    private static Finding Try(string name, string since, Weight weight, NamespaceFlags namespaces, Action<BootBuilder> operations)
    {
        TrialResult result = Trial.Run(namespaces, operations);
        return Finding.Of(Group, name, weight, result, $"since Linux {since}",
            remedy: result.Error is Errno.EPERM or Errno.ENOSYS && NamespaceTrials.IsFiltered ? Plan.Remedies.WithoutFilter : null);
    }

    private static Finding IntoControlGroup()
    {
        const string Name = "clone3 into a cgroup";
        if (ControlGroups.OwnVersion2 is not { } path) return new Finding(Group, Name, null, Weight.Later, "no version 2 hierarchy is mounted here");
        int opened = Kernel.TryOpenAt2(CurrentDirectory, path, OpenFlags.PathOnly | OpenFlags.Directory);
        if (opened < 0) return new Finding(Group, Name, false, Weight.Later, $"{path}: {Kernel.ErrorOf(opened).Describe()}");
        using var directory = new Descriptor(opened);
        // Into the cgroup that we are in: so nothing moves.
        TrialResult result = Trial.Run(NamespaceFlags.None, static _ => { }, cgroup: opened);
        return new Finding(Group, Name, result.Works, Weight.Later, result.Error is Errno.EACCES ? $"not allowed in {path}: it is not delegated to this user" : result.Words("since Linux 5.7"));
    }
}
