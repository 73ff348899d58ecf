using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Plan;

namespace Littlebox.Runtime.Oci;

/// <summary>What the steps inside share while one program is built: the plan, the document, and the registers of earlier steps.</summary>
internal sealed class OciInside(ContainerPlan plan, Spec spec, string bundle)
{
    /// <summary>The plan.</summary>
    public ContainerPlan Plan => plan;

    /// <summary>The document.</summary>
    public Spec Spec => spec;

    /// <summary>Absolute path of the bundle.</summary>
    public string Bundle => bundle;

    /// <summary>Absolute path of the root file system on the host.</summary>
    public string Rootfs { get; } = Path.GetFullPath(spec.Root.Path, bundle);

    /// <summary>The container has a user namespace of its own, or joins one.</summary>
    public bool HasUserNamespace => Namespace(LinuxNamespaceType.User) is not null;

    /// <summary>The container's cgroups.</summary>
    public OciCGroupSteps? CGroups { get; set; }

    /// <summary>The new root.</summary>
    public Register Root { get; set; }

    /// <summary>The container's /dev.</summary>
    public Register Dev { get; set; }

    /// <summary>A proc of the container's pid namespace that nobody else can reach: what is written to processes and sysctls goes through it (CVE-2025-52881).</summary>
    public Register PrivateProc { get; set; }

    /// <summary>The sources of bind mounts, by their place in the document.</summary>
    public Register[] Sources { get; } = new Register[spec.Mounts.Count];

    /// <summary>Mounts that become read-only when everything is in its place, by their place in the document.</summary>
    public Register[] ReadOnlyLater { get; } = new Register[spec.Mounts.Count];

    /// <summary>The terminal's end that the program gets.</summary>
    public Register Terminal { get; set; }

    /// <summary>The socket on which the child waits for <c>start</c>.</summary>
    public Func<int> Listener { get; set; } = static () => -1;

    /// <summary>A namespace of the document, or <c>null</c>.</summary>
    public LinuxNamespace? Namespace(LinuxNamespaceType type) => spec.Linux.Namespace(type);

    /// <summary>True where the document asks for a new namespace of this kind.</summary>
    public bool IsNew(LinuxNamespaceType type) => Namespace(type) is { Path: null };

    /// <summary>Adds a step.</summary>
    public void Add(string title, string why, string? field, Action<BootBuilder> compile, Func<Errno, string?>? hint = null) =>
        plan.Add(new InsideStep { Title = title, Why = why, Field = field, Compile = compile, Hint = hint ?? (static _ => null) });
}
