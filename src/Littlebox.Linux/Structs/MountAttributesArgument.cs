using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary><c>struct mount_attr</c> of mount_setattr(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MountAttributesArgument
{
    /// <summary>Attributes to set.</summary>
    public ulong Set;

    /// <summary>Attributes to clear.</summary>
    public ulong Clear;

    /// <summary>Propagation (MS_PRIVATE and so on), or 0.</summary>
    public ulong Propagation;

    /// <summary>A user namespace's descriptor, with MOUNT_ATTR_IDMAP.</summary>
    public ulong UserNamespace;
}
