namespace Littlebox.Oci;

/// <summary>The kinds of namespaces that config.json names (runtime-spec, config-linux.md, Namespaces).</summary>
public enum LinuxNamespaceType
{
    /// <summary><c>pid</c></summary>
    Pid,

    /// <summary><c>network</c></summary>
    Network,

    /// <summary><c>mount</c></summary>
    Mount,

    /// <summary><c>ipc</c></summary>
    Ipc,

    /// <summary><c>uts</c></summary>
    Uts,

    /// <summary><c>user</c></summary>
    User,

    /// <summary><c>cgroup</c></summary>
    CGroup,

    /// <summary><c>time</c></summary>
    Time,
}
