using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Runtime.Steps;

namespace Littlebox.Engine.Doctor;

/// <summary>The file systems of the kernel that every container has, mounted by a child in the namespaces they belong to, and attached nowhere.</summary>
internal static class FileSystemTrials
{
    private const string Group = "file systems";

    public static IEnumerable<Finding> Find()
    {
        yield return Try("tmpfs");
        yield return Try("proc");
        yield return Try("sysfs");
        yield return Try("devpts", new KeyValuePair<string, string>("newinstance", ""));
        yield return Try("mqueue");
    }

    private static Finding Try(string type, params KeyValuePair<string, string>[] options)
    {
        TrialResult result = Trial.Run(Trial.For(NamespaceFlags.Mount | NamespaceFlags.Pid | NamespaceFlags.Network | NamespaceFlags.Ipc), Mount);
        bool hidden = type is "proc" or "sysfs" && result.Error is Errno.EPERM;
        return Finding.Of(Group, type, Weight.Needed, result, "mounted",
            hidden ? $"; the kernel lets a user namespace mount {type} only where one is in full sight, and here parts of it are covered, as in a container" : "",
            result.Error is Errno.ENODEV ? Remedies.Module(type) : hidden ? Remedies.WithoutFilter : null);

        void Mount(BootBuilder program) => program.NewFileSystem(type, MountAttributes.None, options);
    }
}
