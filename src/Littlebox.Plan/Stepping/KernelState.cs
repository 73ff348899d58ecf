using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.Plan.Stepping;

/// <summary>
/// What the kernel says about a process at one moment: its mount table, its namespaces, its host name, who it is, what it has open. What may not be
/// read is left out. Immutable; taking one changes nothing.
/// </summary>
public sealed class KernelState
{
    private KernelState(int pid, bool isOurs)
    {
        Pid = pid;
        IsOurs = isOurs;
        Mounts = MountEntry.Parse(SmallFile.TryReadText($"/proc/{pid}/mountinfo", 16 << 20) ?? "");
        Namespaces = ProcessNamespaces.Of(pid);
        HostName = isOurs ? Kernel.Uname().Node : HostNameProbe.Of(pid);
        Facts = ProcessFacts.Of(pid);
        Descriptors = isOurs ? [] : ProcessFacts.DescriptorsOf(pid);
    }

    /// <summary>The process.</summary>
    public int Pid { get; }

    /// <summary>It is this process: there is no child yet.</summary>
    public bool IsOurs { get; }

    /// <summary>Its mount table, in the kernel's order.</summary>
    public IReadOnlyList<MountEntry> Mounts { get; }

    /// <summary>Its namespaces, by kind, as the kernel prints them: <c>uts:[4026531838]</c>.</summary>
    public IReadOnlyList<(NamespaceFlags Kind, string Name)> Namespaces { get; }

    /// <summary>The host name of its uts namespace; <c>null</c> where that may not be joined to ask.</summary>
    public string? HostName { get; }

    /// <summary>Ids, capabilities, working directory, session, addresses: name and value.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; }

    /// <summary>Its open descriptors above 2 and what each points at; empty for our own process, whose descriptors are no step's.</summary>
    public IReadOnlyList<(string Number, string Target)> Descriptors { get; }

    /// <summary>Takes the state of a process.</summary>
    /// <param name="pid">The child, or 0 for this process.</param>
    public static KernelState Of(int pid) => pid == 0 ? new KernelState(Kernel.ProcessId, isOurs: true) : new KernelState(pid, isOurs: false);

    /// <summary>The name of the namespace of one kind, or <c>null</c>.</summary>
    public string? Namespace(NamespaceFlags kind)
    {
        foreach ((NamespaceFlags candidate, string name) in Namespaces)
        {
            if (candidate == kind) return name;
        }
        return null;
    }

    /// <summary>The innermost process of a child: with <c>--init</c> the steps run in the first process's own child, from some step on.</summary>
    public static int Innermost(int pid)
    {
        string children = SmallFile.TryReadText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task/{pid}/children")) ?? "";
        int blank = children.IndexOf(' ');
        return blank > 0 && int.TryParse(children.AsSpan(0, blank), NumberStyles.None, CultureInfo.InvariantCulture, out int child) ? child : pid;
    }
}
