using Littlebox.Linux;

namespace Littlebox.Images.Store;

/// <summary>Takes away a tree that is not finished, or not wanted any more.</summary>
internal static class Leftover
{
    /// <summary>Removes a tree, also where its directories keep an ordinary user, its owner, from writing to them.</summary>
    public static void Remove(int directory, string name)
    {
        if (Kernel.EffectiveUid != 0) MakeWritable(directory, name);
        DirectoryTree.Remove(directory, name);
    }

    // Paths from the top and no recursion: neither descriptors nor stack are used up by a deep tree. The unpacker makes no path that is longer than
    // the kernel resolves.
    private static void MakeWritable(int directory, string name)
    {
        int opened = Kernel.TryOpenAt2(directory, name, OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (opened < 0) return;
        using var top = new Descriptor(opened);
        // Before anything in it is opened, itself by "." included: that needs the right to search it.
        Kernel.FchmodAt(Linux.Text.Strace.CurrentDirectory, $"/proc/self/fd/{opened}", 0x1c0);
        var open = new Stack<byte[]>();
        open.Push("."u8.ToArray());
        while (open.TryPop(out byte[]? path))
        {
            const ResolveFlags Inside = ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoCrossMounts;
            using (Descriptor place = KernelBytes.OpenAt2(top.Number, path, OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.NoFollow, Inside))
            {
                if ((Kernel.Statx(place.Number).Mode & 0x1c0) != 0x1c0) Kernel.FchmodAt(Linux.Text.Strace.CurrentDirectory, $"/proc/self/fd/{place.Number}", 0x1c0);
            }
            using Descriptor inner = KernelBytes.OpenAt2(top.Number, path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, Inside);
            foreach (byte[] child in KernelBytes.ReadNames(inner.Number))
            {
                if (KernelBytes.TryStatx(inner.Number, child, out FileStatus status) >= 0 && status.IsDirectory) open.Push([.. path, (byte)'/', .. child]);
            }
        }
    }
}
