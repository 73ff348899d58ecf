using System.Text;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>
/// A mount whose options have a value of more than 255 bytes, such as the lower directories of an overlay: fsconfig(2) does not take it, mount(2) does, in its page of data. It is made at its
/// place at once, onto the directory that has been opened.
/// </summary>
internal static class OciPageMount
{
    // fsconfig(2): VALUE is at most 256 bytes long, its NUL included. mount(2): a page, its NUL included.
    private const int LongestValue = 255, LongestData = 4095;

    private static readonly (MountAttributes Attribute, long Flag)[] Flags =
    [
        (MountAttributes.ReadOnly, 1), (MountAttributes.NoSetId, 2), (MountAttributes.NoDevices, 4), (MountAttributes.NoExecute, 8), (MountAttributes.NoSymlinkFollow, 256),
        (MountAttributes.NoAccessTime, 1024), (MountAttributes.NoDirectoryAccessTime, 2048), (MountAttributes.StrictAccessTime, 1 << 24),
    ];

    private static readonly (string Name, long Flag)[] SuperBlockFlags = [("sync", 16), ("mand", 64), ("dirsync", 128), ("lazytime", 1 << 25)];

    /// <summary>True where the options have such a value.</summary>
    public static bool IsNeeded(MountOptions options)
    {
        for (int i = 0; i < options.Data.Count; i++)
        {
            if (Encoding.UTF8.GetByteCount(options.Data[i].Value) > LongestValue) return true;
        }
        return false;
    }

    /// <summary>Throws where it cannot be made so.</summary>
    public static void Check(Mount mount, MountOptions options, string pointer)
    {
        if (mount.Type is "tmpfs" or "proc" or "sysfs" or "devpts" or "mqueue" or "cgroup" or "cgroup2" || options.Remount)
            throw new ConfigException("config.json", pointer + "/options", "a value of more than 255 bytes", $"shorter ones: {(options.Remount ? "a remount" : mount.Type)} has none as long");
        int length = Encoding.UTF8.GetByteCount(Data(options.Data));
        if (length > LongestData) throw new ConfigException("config.json", pointer + "/options", $"{length} bytes of options of the file system", $"at most {LongestData}, a page, as the kernel takes them");
    }

    /// <summary>Mounts it.</summary>
    /// <param name="program">The program.</param>
    /// <param name="type">The file system.</param>
    /// <param name="source">Its source.</param>
    /// <param name="options">What the document says.</param>
    /// <param name="data">The options of the file system.</param>
    /// <param name="target">Where; it becomes the current directory, since mount(2) wants a name.</param>
    public static void Add(BootBuilder program, string type, string source, MountOptions options, IEnumerable<KeyValuePair<string, string>> data, Register target)
    {
        long flags = options.CountsWrites ? 1 << 23 : 0;
        foreach ((MountAttributes attribute, long flag) in Flags)
        {
            if ((options.Set & attribute) != 0) flags |= flag;
        }
        foreach ((string name, long flag) in SuperBlockFlags)
        {
            if (options.SuperBlock.Any(option => option.Key == name)) flags |= flag;
        }
        string page = Data(data.Where(static option => option.Value.Length > 0 || option.Key is not ("ro" or "i_version" or "sync" or "async" or "dirsync" or "lazytime" or "nolazytime" or "mand" or "nomand")));
        program.Call(SystemCallNumber.Fchdir, $"fchdir({target})", target);
        program.Call(SystemCallNumber.Mount, $"mount({source}, \".\", {type}, 0x{new Words(flags.ToString("x", System.Globalization.CultureInfo.InvariantCulture))}, {page})",
            program.String(source), program.String("."), program.String(type), flags, program.String(page));
    }

    private static string Data(IEnumerable<KeyValuePair<string, string>> options) => string.Join(',', options.Select(static option => option.Value.Length == 0 ? option.Key
        // The commas of a label are its own.
        : option.Key == "context" ? $"context=\"{option.Value}\"" : $"{option.Key}={option.Value}"));
}
