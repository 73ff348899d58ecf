using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Littlebox.Linux;

namespace Littlebox.Images.Tests.Tools;

/// <summary>All that a tree is, a line for each name: type, mode, owners, size, time, links, device, target, attributes, and a hash of the content.</summary>
public static unsafe partial class TreeManifest
{
    [LibraryImport("libc", EntryPoint = "llistxattr")]
    private static partial nint ListAttributes(byte* path, byte* list, nint size);

    [LibraryImport("libc", EntryPoint = "lgetxattr")]
    private static partial nint GetAttribute(byte* path, byte* name, byte* value, nint size);

    [LibraryImport("libc", EntryPoint = "readlink")]
    private static partial nint ReadLink(byte* path, byte* target, nint size);

    public static List<string> Of(string directory, bool withTimes = true)
    {
        var lines = new List<string>();
        Add(lines, Encoding.UTF8.GetBytes(directory), [], new Dictionary<(ulong, ulong), string>(), withTimes);
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static void Add(List<string> lines, byte[] directory, byte[] path, Dictionary<(ulong, ulong), string> names, bool withTimes)
    {
        byte[] full = path.Length == 0 ? directory : [.. directory, (byte)'/', .. path];
        Assert.True(KernelBytes.TryStatx(-100, full, out FileStatus status) >= 0);
        string name = Linux.Text.Strace.Quote(path);
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{name} mode={Convert.ToString(status.Mode, 8)} owner={status.Uid}:{status.Gid}");
        if (withTimes) line.Append(CultureInfo.InvariantCulture, $" time={status.ModifyTime.Seconds}.{status.ModifyTime.Nanoseconds:d9}");
        if (!status.IsDirectory)
        {
            line.Append(CultureInfo.InvariantCulture, $" links={status.Links}");
            // The first of several names in the order of the walk, so that it is the same wherever the tree is.
            if (status.Links > 1) line.Append(CultureInfo.InvariantCulture, $" is={(names.TryAdd(status.Identity, name) ? name : names[status.Identity])}");
        }
        foreach (string attribute in Attributes(full)) line.Append(CultureInfo.InvariantCulture, $" {attribute}");
        switch (status.Type)
        {
            case FileTypes.Regular: line.Append(CultureInfo.InvariantCulture, $" size={status.Size} content={Content(full, status)}"); break;
            case FileTypes.SymbolicLink: line.Append(CultureInfo.InvariantCulture, $" target={Linux.Text.Strace.Quote(Target(full))}"); break;
            case FileTypes.CharacterDevice or FileTypes.BlockDevice: line.Append(CultureInfo.InvariantCulture, $" device={status.DeviceMajor}:{status.DeviceMinor}"); break;
            default: break;
        }
        lines.Add(line.ToString());
        if (!status.IsDirectory) return;
        using Descriptor opened = KernelBytes.OpenAt2(-100, full, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        List<byte[]> children = KernelBytes.ReadNames(opened.Number);
        children.Sort((left, right) => left.AsSpan().SequenceCompareTo(right));
        foreach (byte[] child in children) Add(lines, directory, path.Length == 0 ? child : [.. path, (byte)'/', .. child], names, withTimes);
    }

    private static string Content(byte[] path, FileStatus status)
    {
        int file = KernelBytes.TryOpenAt2(-100, path, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        if (file < 0) return "closed";
        using var owned = new Descriptor(file);
        using var stream = new Compression.DescriptorStream(file);
        return Convert.ToHexString(SHA256.HashData(stream))[..16];
    }

    private static byte[] Target(byte[] path)
    {
        byte[] buffer = new byte[4096];
        fixed (byte* start = buffer, pathZ = (byte[])[.. path, 0])
            return buffer[..(int)ReadLink(pathZ, start, buffer.Length)];
    }

    private static List<string> Attributes(byte[] path)
    {
        byte[] list = new byte[65536], value = new byte[65536];
        var result = new List<string>();
        fixed (byte* pathZ = (byte[])[.. path, 0], listStart = list, valueStart = value)
        {
            nint length = ListAttributes(pathZ, listStart, list.Length);
            for (int at = 0; at < length;)
            {
                int end = Array.IndexOf(list, (byte)0, at);
                nint size = GetAttribute(pathZ, listStart + at, valueStart, value.Length);
                result.Add($"{Encoding.Latin1.GetString(list, at, end - at)}={Convert.ToHexString(value.AsSpan(0, (int)Math.Max(0, size)))}");
                at = end + 1;
            }
        }
        result.Sort(StringComparer.Ordinal);
        return result;
    }
}
