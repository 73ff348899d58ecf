using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>open_tree(2), close-on-exec: a descriptor of a mount, or with <see cref="OpenTreeFlags.Clone"/> of a detached copy.</summary>
    public static Descriptor OpenTree(int directory, string path, OpenTreeFlags flags) =>
        new((int)Check(TryOpenTree(directory, path, flags), $"open_tree({Fd.Of(directory)}, {path}, {new Words(CallFlags.Of(flags | OpenTreeFlags.CloseOnExec))})"));

    /// <summary><see cref="OpenTree"/>, which returns the number or <c>-errno</c>.</summary>
    public static int TryOpenTree(int directory, string path, OpenTreeFlags flags)
    {
        fixed (byte* name = Utf8Z.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.OpenTree, directory, (nint)name, (nint)(uint)(flags | OpenTreeFlags.CloseOnExec));
    }
}
