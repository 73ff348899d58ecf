using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>mount(2), of the older interface: for binds onto descriptors' paths, where one call does.</summary>
    /// <param name="source">Device, directory or <c>null</c>.</param>
    /// <param name="target">Where.</param>
    /// <param name="type">The file system type or <c>null</c>.</param>
    /// <param name="flags">MS_* flags.</param>
    /// <param name="data">Options of the file system.</param>
    public static void Mount(string? source, string target, string? type, MountFlags flags, string? data = null) => Check(TryMount(source, target, type, flags, data), $"mount({source}, {target}, {type}, {new Words(CallFlags.Of(flags))}, {data})");

    /// <summary><see cref="Mount"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryMount(string? source, string target, string? type, MountFlags flags, string? data = null)
    {
        fixed (byte* sourceZ = (source is null ? null : Utf8Z.Of(source)), targetZ = Utf8Z.Of(target), typeZ = (type is null ? null : Utf8Z.Of(type)), dataZ = (data is null ? null : Utf8Z.Of(data)))
            return (int)SystemCall.Invoke(SystemCallNumber.Mount, (nint)sourceZ, (nint)targetZ, (nint)typeZ, (nint)(ulong)flags, (nint)dataZ);
    }
}
