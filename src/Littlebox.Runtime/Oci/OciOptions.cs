using Littlebox.Plan;
using Littlebox.Plan.Trace;

namespace Littlebox.Runtime.Oci;

/// <summary>What the command line of <c>create</c> and <c>run</c> says beside config.json.</summary>
public sealed record OciOptions
{
    /// <summary><c>--no-pivot</c>: move the root instead, on an initramfs.</summary>
    public bool NoPivot { get; init; }

    /// <summary>The name of the container's cgroup where the document has none; <c>null</c> for its id.</summary>
    public string? CGroupName { get; init; }

    /// <summary><c>--rootless</c>: whether this user may lack rights on cgroups; <c>null</c> for what the runtime finds (<c>auto</c>).</summary>
    public bool? Rootless { get; init; }

    /// <summary><c>--systemd-cgroup</c>: systemd makes the cgroups.</summary>
    public bool SystemdCGroup { get; init; }

    /// <summary><c>--no-new-keyring</c>: the caller's session keyring stays.</summary>
    public bool NoNewKeyring { get; init; }

    /// <summary><c>--inject-fault</c>, for tests: a step fails, or the runtime is killed there.</summary>
    public Fault? Fault { get; init; }

    /// <summary><c>--trace</c>: gets the times of the steps up to the moment when the container is created; <c>null</c> measures nothing.</summary>
    public Action<IReadOnlyList<StepTime>>? OnTrace { get; init; }

    /// <summary><c>--preserve-fds</c>: how many descriptors from 3 on the process inherits.</summary>
    public int Preserved { get; init; }
}
