namespace Littlebox.Linux;

/// <summary>The ioctls of namespace files (ioctl_nsfs(2)).</summary>
public static unsafe partial class Kernel
{
    private const int NsGetUserNs = 0xb701, NsGetParent = 0xb702, NsGetNsType = 0xb703, NsGetOwnerUid = 0xb704;

    /// <summary>NS_GET_USERNS: the user namespace that owns this one; a number or <c>-errno</c> (EPERM: outside what this process may see).</summary>
    public static int TryGetOwningUserNamespace(int descriptor) => (int)SystemCall.Invoke(SystemCallNumber.Ioctl, descriptor, NsGetUserNs);

    /// <summary>NS_GET_PARENT: the parent of a pid or user namespace; a number or <c>-errno</c>.</summary>
    public static int TryGetParentNamespace(int descriptor) => (int)SystemCall.Invoke(SystemCallNumber.Ioctl, descriptor, NsGetParent);

    /// <summary>NS_GET_NSTYPE: the CLONE_NEW* flag of the namespace, or <c>-errno</c> where the file is not of a namespace.</summary>
    public static int TryGetNamespaceType(int descriptor) => (int)SystemCall.Invoke(SystemCallNumber.Ioctl, descriptor, NsGetNsType);

    /// <summary>NS_GET_OWNER_UID: the user who made a user namespace, or <c>null</c>.</summary>
    public static uint? TryGetOwnerUid(int descriptor)
    {
        uint uid = 0;
        return SystemCall.Invoke(SystemCallNumber.Ioctl, descriptor, NsGetOwnerUid, (nint)(&uid)) < 0 ? null : uid;
    }
}
