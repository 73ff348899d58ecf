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

    /// <summary>Removes a name and, where it is a directory, everything below it. Links are removed, never followed; other mounts are not entered.</summary>
    /// <returns>True when it has gone; false where it was not there.</returns>
    public static bool Remove(int directory, string name)
    {
        int result = Kernel.TryUnlinkAt(directory, name);
        if (result >= 0) return true;
        if (Kernel.ErrorOf(result) is Errno.ENOENT) return false;
        if (Kernel.ErrorOf(result) is not (Errno.EISDIR or Errno.EPERM)) Kernel.UnlinkAt(directory, name);
        using (Descriptor inner = Kernel.OpenAt2(directory, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, ResolveFlags.NoCrossMounts))
        {
            int emptied = Kernel.TryUnlinkAt(directory, name, isDirectory: true);
            if (emptied >= 0) return true;
            foreach (DirectoryEntry entry in Kernel.ReadDirectory(inner.Number)) Remove(inner.Number, entry.Name);
        }
        Kernel.UnlinkAt(directory, name, isDirectory: true);
        return true;
    }
}
