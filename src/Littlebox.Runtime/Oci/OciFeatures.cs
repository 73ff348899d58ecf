using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Oci;

/// <summary>
/// What this runtime can do (runtime-spec, features.md). Nothing is claimed by a list of its own: the words are those that the reader of config.json knows, and each is
/// asked of the code that would refuse it.
/// </summary>
public static class OciFeatures
{
    // The table of config.md, Linux mount options, and what mount(8) knows beside it; the mount options' own reader says which of them are more than a word for the file system.
    private static readonly string[] MountWords =
    [
        "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "idmap", "iversion", "lazytime", "loud", "mand", "noatime", "nodev", "nodiratime", "noexec",
        "noiversion", "nolazytime", "nomand", "norelatime", "nostrictatime", "nosuid", "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime", "relatime", "remount",
        "rexec", "ridmap", "rnoatime", "rnodev", "rnodiratime", "rnoexec", "rnorelatime", "rnostrictatime", "rnosuid", "rnosymfollow", "ro", "rprivate", "rrelatime", "rro",
        "rrw", "rshared", "rslave", "rstrictatime", "rsuid", "rsymfollow", "runbindable", "rw", "shared", "silent", "slave", "strictatime", "suid", "symfollow", "sync",
        "tmpcopyup", "unbindable",
    ];

    /// <summary>Words of <c>mounts[].options</c> that the runtime itself understands.</summary>
    public static IEnumerable<string> MountOptions => MountWords.Where(static word => Oci.MountOptions.Parse([word]).Data.Count == 0);

    /// <summary>Points at which hooks are run.</summary>
    public static IEnumerable<string> Hooks
    {
        get
        {
            Hook[] one = [new Hook { Path = "/hook" }];
            if (Supports(new() { Prestart = one })) yield return "prestart";
            if (Supports(new() { CreateRuntime = one })) yield return "createRuntime";
            if (Supports(new() { CreateContainer = one })) yield return "createContainer";
            if (Supports(new() { StartContainer = one })) yield return "startContainer";
            if (Supports(new() { Poststart = one })) yield return "poststart";
            if (Supports(new() { Poststop = one })) yield return "poststop";

            static bool Supports(Hooks hooks) => OciFeatures.Supports(With() with { Hooks = hooks });
        }
    }

    /// <summary>Kinds of namespaces, in the order of the alphabet.</summary>
    public static IEnumerable<string> Namespaces => Enum.GetValues<LinuxNamespaceType>().Select(static type => SpecWords.Of(type)).Order(StringComparer.Ordinal);

    /// <summary>Capabilities, in the kernel's order.</summary>
    public static IEnumerable<string> Capabilities => Enumerable.Range(0, CapabilitySet.Count).Select(CapabilitySet.NameOf);

    /// <summary>Actions of a seccomp profile.</summary>
    public static IEnumerable<string> SeccompActions => Enum.GetValues<LinuxSeccompAction>().Where(static action => Compiles(new LinuxSeccomp
    {
        DefaultAction = LinuxSeccompAction.Allow,
        ListenerPath = "/agent",
        Syscalls = [new LinuxSyscall { Names = ["mkdir"], Action = action }],
    })).Select(static action => SpecWords.Of(action)).Order(StringComparer.Ordinal);

    /// <summary>Comparisons of a seccomp profile.</summary>
    public static IEnumerable<string> SeccompOperators => Enum.GetValues<LinuxSeccompOperator>().Where(static comparison => Compiles(new LinuxSeccomp
    {
        DefaultAction = LinuxSeccompAction.Allow,
        Syscalls = [new LinuxSyscall { Names = ["mkdir"], Action = LinuxSeccompAction.Errno, Args = [new LinuxSeccompArg { Index = 0, Value = 1, Operator = comparison }] }],
    })).Select(static comparison => SpecWords.Of(comparison)).Order(StringComparer.Ordinal);

    /// <summary>Architectures whose system calls a filter of this machine judges.</summary>
    public static IEnumerable<string> SeccompArchitectures => Enum.GetValues<LinuxSeccompArchitecture>()
        .Where(static architecture => FilterArchitecture.Abi(architecture) is { } abi && FilterArchitecture.CanBeCalled(abi, FilterArchitecture.Native))
        .Select(static architecture => SpecWords.Of(architecture)).Order(StringComparer.Ordinal);

    /// <summary>Flags that a seccomp profile may have.</summary>
    public static IEnumerable<string> KnownSeccompFlags => Enum.GetValues<LinuxSeccompFlag>().Select(static flag => SpecWords.Of(flag));

    /// <summary>True where devices of the network may be moved into a container.</summary>
    public static bool NetworkDevices => Supports(With(new() { NetDevices = [new("eth0", null)], Namespaces = [new(LinuxNamespaceType.Mount, null), new(LinuxNamespaceType.Network, null)] }));

    /// <summary>True where containers have limits.</summary>
    public static bool Resources => Supports(With(new() { Resources = new() }));

    /// <summary>True where <c>linux.memoryPolicy</c> is followed.</summary>
    public static bool MemoryPolicy => Supports(With(new() { MemoryPolicy = new() { Mode = MemoryPolicyMode.Default } }));

    /// <summary>True where <c>linux.intelRdt</c> is followed.</summary>
    public static bool IntelRdt => Supports(With(new() { IntelRdt = new() }));

    /// <summary>True where a process may have a profile of AppArmor.</summary>
    public static bool AppArmor => Supports(With() with { Process = Any with { ApparmorProfile = "profile" } });

    /// <summary>True where a process may have a label of SELinux.</summary>
    public static bool SELinux => Supports(With() with { Process = Any with { SelinuxLabel = "label" } });

    private static Process Any => new() { Args = ["/program"], Cwd = "/" };

    private static Spec With(LinuxSection? linux = null) => new()
    {
        OciVersion = "1.3.0",
        Root = new Root { Path = "rootfs" },
        Process = Any,
        Linux = (linux ?? new()) is { Namespaces.Count: > 0 } whole ? whole : (linux ?? new()) with { Namespaces = [new(LinuxNamespaceType.Mount, null)] },
    };

    // What this machine lacks does not matter here: features says what the runtime was built to do.
    private static bool Supports(Spec spec)
    {
        try
        {
            OciSupport.Check(spec);
            return true;
        }
        catch (LittleboxException refused) when (refused.Kind is ErrorKind.NotSupported)
        {
            return false;
        }
    }

    private static bool Compiles(LinuxSeccomp seccomp)
    {
        try
        {
            OciSupport.Check(seccomp, SeccompFilter.Compile(seccomp));
            return true;
        }
        catch (LittleboxException)
        {
            return false;
        }
    }
}
