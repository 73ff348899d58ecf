using Littlebox.Images.Tar;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Images.Unpack;

// A method for each type of entry: made, then its data, its owner, its attributes, its mode and last its times; chown(2) clears set-id bits and
// file capabilities, so that it must come before both.
public sealed partial class RootUnpacker
{
    private static readonly OpenFlags NewFile = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;

    private void MakeFile(int parent, EntryPath path, TarEntry entry, TarReader reader)
    {
        int result = KernelBytes.TryOpenAt2(parent, path.Name, NewFile, Inside, 0x180);
        if (Kernel.ErrorOf(result) is Errno.EEXIST)
        {
            Replace(parent, path, entry);
            result = KernelBytes.TryOpenAt2(parent, path.Name, NewFile, Inside, 0x180);
        }
        using Descriptor file = result >= 0 ? new Descriptor(result) : KernelBytes.OpenAt2(parent, path.Name, NewFile, Inside, 0x180);
        if (entry.Segments is { } segments)
        {
            foreach (SparseSegment segment in segments)
            {
                Kernel.Lseek(file.Number, segment.Offset);
                CopyData(reader, file.Number, segment.Length);
            }
            Kernel.Ftruncate(file.Number, entry.Size);
        }
        else
        {
            CopyData(reader, file.Number, entry.Size);
        }
        if (options.AsRoot) KernelBytes.FchownAt(file.Number, default, entry.Uid, entry.Gid, 0x1000);
        foreach (TarAttribute attribute in entry.Attributes) SetAttribute(file.Number, default, attribute);
        CountTextAcl(entry);
        Kernel.Fchmod(file.Number, entry.Mode);
        SetTimes(file.Number, default, entry);
    }

    private void CopyData(TarReader reader, int file, long length)
    {
        while (length > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            int read = reader.Read(buffer.AsSpan(0, (int)Math.Min(length, BufferSize)));
            Kernel.Write(file, buffer.AsSpan(0, read));
            length -= read;
        }
    }

    private void MakeDirectory(int parent, EntryPath path, TarEntry entry)
    {
        int result = KernelBytes.TryMkdirAt(parent, path.Name, 0x1c0);
        if (Kernel.ErrorOf(result) is Errno.EEXIST)
        {
            Kernel.Check(KernelBytes.TryStatx(parent, path.Name, out FileStatus status), $"statx({Fd.Of(parent)}, {path.Name}, AT_SYMLINK_NOFOLLOW, …)");
            if (!status.IsDirectory)
            {
                Replace(parent, path, entry);
                KernelBytes.MkdirAt(parent, path.Name, 0x1c0);
            }
        }
        else if (result < 0)
        {
            KernelBytes.MkdirAt(parent, path.Name, 0x1c0);
        }
        using Descriptor made = KernelBytes.OpenAt2(parent, path.Name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, Inside);
        KeepDirectory(made.Number, default, path, entry);
    }

    private void KeepDirectory(int directory, ReadOnlySpan<byte> name, EntryPath path, TarEntry entry)
    {
        if (options.AsRoot) KernelBytes.FchownAt(directory, name, entry.Uid, entry.Gid, 0x1000);
        List<TarAttribute> lists = [];
        foreach (TarAttribute attribute in entry.Attributes)
        {
            if (attribute.Name.Span.StartsWith("system.posix_acl_"u8)) lists.Add(attribute);
            else SetAttribute(directory, default, attribute);
        }
        CountTextAcl(entry);
        directories[path.Key] = new PendingDirectory(path.Whole.ToArray(), entry.Mode, entry.ModifyTime, entry.AccessTime, lists);
    }

    private void MakeHardLink(int parent, EntryPath path, TarEntry entry)
    {
        EntryPath target = EntryPath.Parse(entry.LinkName.Span, entry, isTarget: true);
        if (skipped.Contains(target.Key))
        {
            Skip(path);
            return;
        }
        string quoted = Strace.Quote(entry.LinkName.Span);
        if (target.IsRoot) throw Refuse(entry, $"is a hard link to {quoted}, the root itself");
        int result = KernelBytes.TryOpenAt2(root, target.Parent.IsEmpty ? "."u8 : target.Parent, OpenFlags.PathOnly | OpenFlags.Directory, Inside);
        if (result < 0) throw Refuse(entry, $"is a hard link to {quoted}, which no earlier entry made, or which lies beneath a symbolic link");
        using var directory = new Descriptor(result);
        if (KernelBytes.TryStatx(directory.Number, target.Name, out FileStatus status) < 0) throw Refuse(entry, $"is a hard link to {quoted}, which no earlier entry made");
        if (status.IsDirectory) throw Refuse(entry, $"is a hard link to {quoted}, which is a directory");

        result = KernelBytes.TryLinkAt(directory.Number, target.Name, parent, path.Name);
        if (Kernel.ErrorOf(result) is Errno.EEXIST)
        {
            if (KernelBytes.TryStatx(parent, path.Name, out FileStatus existing) >= 0 && existing.Identity == status.Identity) return;
            Replace(parent, path, entry);
            result = -(int)Errno.EEXIST;
        }
        if (result < 0) KernelBytes.LinkAt(directory.Number, target.Name, parent, path.Name);
    }

    private void MakeSymbolicLink(int parent, EntryPath path, TarEntry entry)
    {
        ReadOnlySpan<byte> target = entry.LinkName.Span;
        // What it says does not matter here: nothing is ever written through it, and a container resolves it within its own root.
        if (target.IsEmpty || target.Length > 4095) throw Refuse(entry, $"is a symbolic link whose target has {target.Length} bytes; the kernel takes 1 to 4095");
        int result = KernelBytes.TrySymlinkAt(target, parent, path.Name);
        if (Kernel.ErrorOf(result) is Errno.EEXIST) Replace(parent, path, entry);
        if (result < 0) KernelBytes.SymlinkAt(target, parent, path.Name);
        if (options.AsRoot) KernelBytes.FchownAt(parent, path.Name, entry.Uid, entry.Gid);
        foreach (TarAttribute attribute in entry.Attributes) SetAttribute(parent, path.Name, attribute);
        SetTimes(parent, path.Name, entry);
    }

    private void MakeNode(int parent, EntryPath path, TarEntry entry)
    {
        bool isDevice = entry.Type != TarEntryType.Fifo;
        if (isDevice && !options.AsRoot)
        {
            Skip(path);
            return;
        }
        int mode = 0x180 | entry.Type switch
        {
            TarEntryType.CharacterDevice => FileTypes.CharacterDevice,
            TarEntryType.BlockDevice => FileTypes.BlockDevice,
            _ => FileTypes.Fifo,
        };
        ulong device = isDevice ? DeviceNumber.Of(entry.DeviceMajor, entry.DeviceMinor) : 0;
        int result = KernelBytes.TryMknodAt(parent, path.Name, mode, device);
        // Root of a user namespace may not make devices (mknod(2), EPERM).
        if (isDevice && Kernel.ErrorOf(result) is Errno.EPERM)
        {
            Skip(path);
            return;
        }
        if (Kernel.ErrorOf(result) is Errno.EEXIST) Replace(parent, path, entry);
        if (result < 0) KernelBytes.MknodAt(parent, path.Name, mode, device);
        if (options.AsRoot) KernelBytes.FchownAt(parent, path.Name, entry.Uid, entry.Gid);
        foreach (TarAttribute attribute in entry.Attributes) SetAttribute(parent, path.Name, attribute);
        CountTextAcl(entry);
        // Opening a device or a pipe for reading would act on it; O_PATH does not, and fchmodat2(2) is there from kernel 6.6 only.
        using (Descriptor node = KernelBytes.OpenAt2(parent, path.Name, OpenFlags.PathOnly | OpenFlags.NoFollow, Inside))
            Kernel.FchmodAt(Strace.CurrentDirectory, $"/proc/self/fd/{node.Number}", entry.Mode);
        SetTimes(parent, path.Name, entry);
    }

    private void Skip(EntryPath path)
    {
        skipped.Add(path.Key);
        skippedDevices++;
    }

    private static void SetTimes(int directory, ReadOnlySpan<byte> name, TarEntry entry) => KernelBytes.UtimensAt(
        directory, name, (entry.ModifyTime.Seconds, entry.ModifyTime.Nanoseconds), entry.AccessTime is { } time ? (time.Seconds, time.Nanoseconds) : null);

    private void CountTextAcl(TarEntry entry)
    {
        if (entry.HasTextAcl) skippedAttributes++;
    }

    // With a name: of that name in the directory. Without: of the open file itself.
    private void SetAttribute(int descriptor, ReadOnlySpan<byte> name, TarAttribute attribute)
    {
        ReadOnlySpan<byte> key = attribute.Name.Span;
        if (key.StartsWith("trusted.overlay."u8) || key.StartsWith("user.overlay."u8))
        {
            skippedAttributes++;
            return;
        }
        int result = name.IsEmpty
            ? KernelBytes.TrySetAttribute(descriptor, key, attribute.Value.Span)
            : KernelBytes.TrySetAttributeAt(descriptor, name, key, attribute.Value.Span);
        if (result >= 0) return;
        // As root, what the archive has and the file system could hold must not get lost silently: a file capability, for instance.
        Errno error = Kernel.ErrorOf(result);
        bool isKept = options.AsRoot && (key.StartsWith("user."u8) || key.StartsWith("security.capability"u8));
        if (error is Errno.EOPNOTSUPP || (error is Errno.EPERM or Errno.EACCES or Errno.EINVAL && !isKept))
        {
            skippedAttributes++;
            return;
        }
        Kernel.Check(result, $"fsetxattr({Fd.Of(descriptor)}, {key}, {attribute.Value.Span}, {attribute.Value.Length}, 0)");
    }

    private void FinishDirectories()
    {
        PendingDirectory[] deepestFirst = [.. directories.Values];
        Array.Sort(deepestFirst, static (left, right) => right.Depth.CompareTo(left.Depth));
        foreach (PendingDirectory directory in deepestFirst)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                using Descriptor opened = KernelBytes.OpenAt2(root, directory.Path.Length == 0 ? "."u8 : directory.Path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, Inside);
                foreach (TarAttribute list in directory.AccessLists) SetAttribute(opened.Number, default, list);
                Kernel.Fchmod(opened.Number, directory.Mode);
                if (directory.ModifyTime is { } modified)
                    KernelBytes.UtimensAt(opened.Number, default, (modified.Seconds, modified.Nanoseconds), directory.AccessTime is { } accessed ? (accessed.Seconds, accessed.Nanoseconds) : null);
            }
            catch (SystemCallException error)
            {
                throw Failed(Strace.Quote(directory.Path), error);
            }
        }
    }
}
