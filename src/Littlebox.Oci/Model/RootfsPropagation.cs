namespace Littlebox.Oci;

/// <summary>
/// <c>linux.rootfsPropagation</c> (config-linux.md, Rootfs Mount Propagation). Engines write the recursive forms too, which every runtime takes.
/// </summary>
public enum RootfsPropagation
{
    /// <summary><c>shared</c></summary>
    Shared,

    /// <summary><c>slave</c></summary>
    Slave,

    /// <summary><c>private</c></summary>
    Private,

    /// <summary><c>unbindable</c></summary>
    Unbindable,

    /// <summary><c>rshared</c></summary>
    RecursiveShared,

    /// <summary><c>rslave</c></summary>
    RecursiveSlave,

    /// <summary><c>rprivate</c></summary>
    RecursivePrivate,

    /// <summary><c>runbindable</c></summary>
    RecursiveUnbindable,
}
