using Littlebox.Linux.Text;

namespace Littlebox.Linux;

/// <summary>Copies what a directory holds into another, by descriptor: links are copied and never followed, other mounts are not entered, devices are copied and never opened.</summary>
/// <remarks>Owners, modes, times and file capabilities come along. Names may be any bytes.</remarks>
public static class TreeCopy
{
    private const int DeepestLevel = 512, ReadSize = 1 << 16;

    /// <summary>Copies.</summary>
    /// <param name="from">A directory; O_PATH will do.</param>
    /// <param name="to">An empty directory; O_PATH will do.</param>
    /// <param name="owner">It gets the owner of <paramref name="from"/> as well.</param>
    /// <exception cref="SystemCallException">Something could not be copied.</exception>
    public static void Copy(int from, int to, bool owner)
    {
        using Descriptor source = Open(from, "."u8, OpenFlags.ReadOnly | OpenFlags.Directory), target = Open(to, "."u8, OpenFlags.ReadOnly | OpenFlags.Directory);
        Kernel.Check(KernelBytes.TryStatx(source.Number, [], out FileStatus status), $"statx({Fd.Of(source.Number)}, \"\", AT_EMPTY_PATH, …)");
        Entries(source.Number, target.Number, 0);
        if (owner) KernelBytes.FchownAt(target.Number, "."u8, status.Uid, status.Gid);
        KernelBytes.UtimensAt(target.Number, [], Modified(status));
    }

    private static void Entries(int from, int to, int level)
    {
        if (level > DeepestLevel) throw new SystemCallException("copying directories that are nested too deeply", Errno.ELOOP);
        foreach (byte[] name in KernelBytes.ReadNames(from)) Entry(from, to, name, level);
    }

    private static void Entry(int from, int to, byte[] name, int level)
    {
        int found = KernelBytes.TryStatx(from, name, out FileStatus status);
        // It has gone meanwhile.
        if (Kernel.ErrorOf(found) is Errno.ENOENT) return;
        Kernel.Check(found, $"statx({Fd.Of(from)}, {(ReadOnlySpan<byte>)name}, AT_SYMLINK_NOFOLLOW, …)");
        switch (status.Type)
        {
            case FileTypes.Directory:
                using (Descriptor inner = Open(from, name, OpenFlags.ReadOnly | OpenFlags.Directory))
                {
                    KernelBytes.MkdirAt(to, name, 0x1c0);
                    using Descriptor made = Open(to, name, OpenFlags.ReadOnly | OpenFlags.Directory);
                    Entries(inner.Number, made.Number, level + 1);
                    KernelBytes.FchownAt(made.Number, "."u8, status.Uid, status.Gid);
                    Kernel.Fchmod(made.Number, status.Mode & 0xfff);
                    KernelBytes.UtimensAt(made.Number, [], Modified(status));
                }
                return;
            case FileTypes.Regular:
                File(from, to, name);
                return;
            case FileTypes.SymbolicLink:
                KernelBytes.SymlinkAt(KernelBytes.ReadLinkAt(from, name), to, name);
                break;
            // A socket without its listener is of no use to anybody.
            case FileTypes.Socket:
                return;
            default:
                KernelBytes.MknodAt(to, name, status.Type | status.Mode & 0xfff, DeviceNumber.Of(status.DeviceMajor, status.DeviceMinor));
                KernelBytes.FchownAt(to, name, status.Uid, status.Gid);
                // Whatever our umask has taken; the name is our own, in a directory that nobody else can reach yet.
                KernelBytes.FchmodAt(to, name, status.Mode & 0xfff);
                KernelBytes.UtimensAt(to, name, Modified(status));
                return;
        }
        KernelBytes.FchownAt(to, name, status.Uid, status.Gid);
        KernelBytes.UtimensAt(to, name, Modified(status));
    }

    private static void File(int from, int to, byte[] name)
    {
        // O_NONBLOCK: what was a file a moment ago may be a fifo now.
        using Descriptor source = Open(from, name, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        Kernel.Check(KernelBytes.TryStatx(source.Number, [], out FileStatus status), $"statx({Fd.Of(source.Number)}, \"\", AT_EMPTY_PATH, …)");
        if (status.Type != FileTypes.Regular) return;
        using Descriptor target = KernelBytes.OpenAt2(to, name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, mode: 0x180);
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            int length;
            while ((length = Kernel.Read(source.Number, buffer)) > 0) Kernel.Write(target.Number, buffer.AsSpan(0, length));
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
        KernelBytes.FchownAt(target.Number, [], status.Uid, status.Gid, 0x1000);
        Kernel.Fchmod(target.Number, status.Mode & 0xfff);
        // Behind the owner: a change of owner takes the capabilities of a file away.
        if (KernelBytes.TryGetAttribute(source.Number, "security.capability"u8) is { } capabilities)
            Kernel.Check(KernelBytes.TrySetAttribute(target.Number, "security.capability"u8, capabilities), $"fsetxattr({Fd.Of(target.Number)}, \"security.capability\", …)");
        KernelBytes.UtimensAt(target.Number, [], Modified(status));
    }

    private static (long Seconds, uint Nanoseconds) Modified(in FileStatus status) => (status.ModifyTime.Seconds, status.ModifyTime.Nanoseconds);

    private static Descriptor Open(int directory, ReadOnlySpan<byte> name, OpenFlags flags) =>
        KernelBytes.OpenAt2(directory, name, flags | OpenFlags.NoFollow, ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks | ResolveFlags.NoCrossMounts);
}
