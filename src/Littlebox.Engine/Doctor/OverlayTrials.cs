using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Runtime.Steps;

namespace Littlebox.Engine.Doctor;

/// <summary>Overlays, which the roots <c>default</c> and <c>host</c> and archives need: as this user, in a user namespace, and with the data directory below.</summary>
internal static class OverlayTrials
{
    private const string Group = "overlay";

    public static IEnumerable<Finding> Find()
    {
        if (Kernel.EffectiveUid == 0) yield return Try("as root", NamespaceFlags.Mount, null);
        yield return Try("in a user namespace", NamespaceFlags.Mount | NamespaceFlags.User, null);
        string data = Directories.Existing(DataDirectory.ForThisUser());
        yield return Try("over the data directory", Trial.For(NamespaceFlags.Mount), data);
    }

    private static Finding Try(string name, NamespaceFlags namespaces, string? lower)
    {
        TrialResult result = Trial.Run(namespaces, program => Mount(program, lower, userNamespace: (namespaces & NamespaceFlags.User) != 0));
        string good = lower is null ? "mounted and written to" : $"{lower}, on {Directories.TypeOf(lower)}, can be a lower layer";
        return Finding.Of(Group, name, Weight.Used, result, good, "; a directory as ROOT works without", result.Error is Errno.ENODEV ? Remedies.Module("overlay") : null);
    }

    private static void Mount(BootBuilder program, string? lower, bool userNamespace)
    {
        SystemCallTrials.Scratch(program, "lower", "upper", "work");
        List<KeyValuePair<string, string>> options = [new("lowerdir", lower ?? "/proc/lower"), new("upperdir", "/proc/upper"), new("workdir", "/proc/work")];
        if (userNamespace) options.Add(new("userxattr", ""));
        Register overlay = program.NewFileSystem("overlay", MountAttributes.None, options);
        program.Call(SystemCallNumber.Mkdirat, $"mkdirat({overlay}, \"littlebox-doctor\", 0700)", overlay, program.String("littlebox-doctor"), 0x1c0);
    }
}
