using Littlebox.Linux.Text;

namespace Littlebox.Linux;

/// <summary>Makes and removes trees of directories of this machine, by descriptor and without following links.</summary>
public static class DirectoryTree
{
    /// <summary>Opens an absolute directory, and makes what is missing of it, each with <paramref name="mode"/>.</summary>
    public static Descriptor OpenOrMake(string path, int mode = 0x1c0)
    {
        int existing = Kernel.TryOpenAt2(Strace.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (existing >= 0) return new Descriptor(existing);
        Descriptor current = Kernel.OpenAt2(Strace.CurrentDirectory, "/", OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            using Descriptor parent = current;
            int made = Kernel.TryMkdirAt(parent.Number, part, mode);
            if (made < 0 && Kernel.ErrorOf(made) != Errno.EEXIST) Kernel.MkdirAt(parent.Number, part, mode);
            current = Kernel.OpenAt2(parent.Number, part, OpenFlags.ReadOnly | OpenFlags.Directory);
        }
        return current;
    }

    // How far the removal descends before it brings what is deeper up to the top.
    private const int DeepestLevel = 64;

    /// <summary>
    /// Removes a name and, where it is a directory, everything below it. Links are removed, never followed; other mounts are not entered. Names
    /// may be any bytes, and the tree as deep as it likes: whoever lived in a container made it, and must not be able to keep it.
    /// </summary>
    /// <returns>True when it has gone; false where it was not there.</returns>
    /// <exception cref="SystemCallException">Something in it could not be removed; what was removed before is gone.</exception>
    public static bool Remove(int directory, string name)
    {
        byte[] bytes = Utf8Z.Of(name)[..^1];
        if (TryRemoveOne(directory, bytes) is { } present) return present;
        using (Descriptor top = OpenInner(directory, bytes))
        {
            long moved = 0, before;
            do
            {
                before = moved;
                Kernel.Lseek(top.Number, 0);
                Empty(top.Number, top.Number, 1, ref moved);
            }
            while (moved != before);
        }
        Kernel.UnlinkAt(directory, name, isDirectory: true);
        return true;
    }

    private static void Empty(int top, int directory, int level, ref long moved)
    {
        foreach (byte[] name in KernelBytes.ReadNames(directory))
        {
            if (TryRemoveOne(directory, name) is not null) continue;
            // Descriptors and stack are bounded, the depth of a tree is not.
            if (level >= DeepestLevel && TryMoveUp(directory, name, top, ref moved)) continue;
            using (Descriptor inner = OpenInner(directory, name)) Empty(top, inner.Number, level + 1, ref moved);
            int result = KernelBytes.TryUnlinkAt(directory, name, isDirectory: true);
            if (Kernel.ErrorOf(result) is not Errno.ENOENT) Kernel.Check(result, $"unlinkat({Fd.Of(directory)}, {(ReadOnlySpan<byte>)name}, AT_REMOVEDIR)");
        }
    }

    // False where the file system does not rename directories (overlay: EXDEV): then it is descended into after all.
    private static bool TryMoveUp(int directory, byte[] name, int top, ref long moved)
    {
        int result;
        do result = KernelBytes.TryRenameAt2(directory, name, top, System.Text.Encoding.ASCII.GetBytes($".removed.{moved++}"), noReplace: true);
        while (Kernel.ErrorOf(result) is Errno.EEXIST);
        return result >= 0;
    }

    // True: it has gone. False: it was not there. Null: it is a directory with something in it.
    private static bool? TryRemoveOne(int directory, byte[] name)
    {
        int result = KernelBytes.TryUnlinkAt(directory, name);
        if (result >= 0) return true;
        if (Kernel.ErrorOf(result) is Errno.ENOENT) return false;
        // EPERM is what POSIX has for a directory, EISDIR what Linux has; of a file it means that it may not be removed.
        if (Kernel.ErrorOf(result) is not (Errno.EISDIR or Errno.EPERM)) Kernel.Check(result, $"unlinkat({Fd.Of(directory)}, {(ReadOnlySpan<byte>)name}, 0)");
        int asDirectory = KernelBytes.TryUnlinkAt(directory, name, isDirectory: true);
        if (asDirectory >= 0) return true;
        return Kernel.ErrorOf(asDirectory) switch
        {
            Errno.ENOENT => false,
            Errno.ENOTEMPTY or Errno.EEXIST => null,
            Errno.ENOTDIR => Kernel.Check(result, $"unlinkat({Fd.Of(directory)}, {(ReadOnlySpan<byte>)name}, 0)") >= 0,
            _ => Kernel.Check(asDirectory, $"unlinkat({Fd.Of(directory)}, {(ReadOnlySpan<byte>)name}, AT_REMOVEDIR)") >= 0,
        };
    }

    private static Descriptor OpenInner(int directory, byte[] name) =>
        KernelBytes.OpenAt2(directory, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, ResolveFlags.NoCrossMounts);
}
