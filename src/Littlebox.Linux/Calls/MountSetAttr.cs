using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>mount_setattr(2): changes attributes, propagation or the id mapping of a mount.</summary>
    /// <param name="directory">A descriptor of the mount, or of a directory.</param>
    /// <param name="path">A path, or empty for the descriptor itself.</param>
    /// <param name="recursive">With all mounts below.</param>
    /// <param name="attributes">What to set and to clear.</param>
    public static void MountSetAttr(int directory, string path, bool recursive, MountAttributesArgument attributes) =>
        Check(TryMountSetAttr(directory, path, recursive, attributes),
            $"mount_setattr({Fd.Of(directory)}, {path}, {new Words(recursive ? "AT_EMPTY_PATH|AT_RECURSIVE" : "AT_EMPTY_PATH")}, {new Words($"{{attr_set={CallFlags.Of((MountAttributes)attributes.Set)}, attr_clr={CallFlags.Of((MountAttributes)attributes.Clear)}, propagation={CallFlags.Of((MountFlags)attributes.Propagation)}, userns_fd={attributes.UserNamespace}}}")}, 32)");

    /// <summary><see cref="MountSetAttr"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryMountSetAttr(int directory, string path, bool recursive, MountAttributesArgument attributes)
    {
        fixed (byte* name = Utf8Z.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.MountSetattr, directory, (nint)name, recursive ? 0x9000 : 0x1000, (nint)(&attributes), sizeof(MountAttributesArgument));
    }
}
