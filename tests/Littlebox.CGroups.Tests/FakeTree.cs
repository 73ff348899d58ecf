using Littlebox.Linux;
using Littlebox.Runtime.CGroups;

namespace Littlebox.CGroups.Tests;

/// <summary>A hierarchy in memory, with as much of the kernel's rules as the tests need; every write is noted.</summary>
internal sealed class FakeTree
{
    private readonly Dictionary<string, Dictionary<string, string>> groups = new(StringComparer.Ordinal);

    public FakeTree(string mountPoint, string? controllers = null)
    {
        MountPoint = mountPoint;
        groups[mountPoint] = controllers is null ? [] : new() { ["cgroup.controllers"] = controllers, ["cgroup.subtree_control"] = "" };
        IsUnified = controllers is not null;
    }

    public string MountPoint { get; }

    public bool IsUnified { get; }

    /// <summary>Path beneath the mount point, file, value.</summary>
    public List<(string Group, string File, string Value)> Writes { get; } = [];

    /// <summary>Refuses a write: path beneath the mount point and file, value; null for "take it".</summary>
    public Func<string, string, Errno> Refuse { get; set; } = static (_, _) => Errno.None;

    /// <summary>Files that every new cgroup has; where empty, all files are there.</summary>
    public HashSet<string> Missing { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> this[string beneath] => groups[MountPoint + beneath];

    public bool Has(string beneath) => groups.ContainsKey(MountPoint + beneath);

    public void Add(string beneath) => Make(MountPoint + beneath);

    public ICGroupNode Root() => new Node(this, MountPoint);

    private void Make(string path)
    {
        Dictionary<string, string> files = groups[path] = new(StringComparer.Ordinal);
        if (!IsUnified) return;
        files["cgroup.controllers"] = groups[path[..path.LastIndexOf('/')]]["cgroup.subtree_control"];
        files["cgroup.subtree_control"] = "";
    }

    private sealed class Node(FakeTree tree, string path) : ICGroupNode
    {
        public string Path => path;

        public int Descriptor => -1;

        public ICGroupNode? TryOpen(string beneath, out Errno error)
        {
            bool isThere = tree.groups.ContainsKey($"{path}/{beneath}");
            error = isThere ? Errno.None : Errno.ENOENT;
            return isThere ? new Node(tree, $"{path}/{beneath}") : null;
        }

        public Errno TryMake(string name)
        {
            if (tree.groups.ContainsKey($"{path}/{name}")) return Errno.EEXIST;
            Errno refused = tree.Refuse(path[tree.MountPoint.Length..] + "/" + name, "mkdir");
            if (refused is Errno.None) tree.Make($"{path}/{name}");
            return refused;
        }

        public Errno TryRemove(string name) => Children().Count > 0 ? Errno.EBUSY : tree.groups.Remove($"{path}/{name}") ? Errno.None : Errno.ENOENT;

        public IReadOnlyList<string> Children() => [.. tree.groups.Keys.Where(key => key.StartsWith(path + "/", StringComparison.Ordinal)).Select(key => key[(path.Length + 1)..].Split('/')[0]).Distinct()];

        public Errno TryWrite(string file, string value)
        {
            if (tree.Missing.Contains(file)) return Errno.ENOENT;
            Errno refused = tree.Refuse(path[tree.MountPoint.Length..] + "/" + file, value);
            if (refused is not Errno.None) return refused;
            tree.Writes.Add((path[tree.MountPoint.Length..], file, value));
            Dictionary<string, string> files = tree.groups[path];
            files[file] = file == "cgroup.subtree_control" ? $"{files[file]} {value.Replace("+", "", StringComparison.Ordinal)}".Trim() : value;
            return Errno.None;
        }

        public string? TryRead(string file) => tree.groups[path].GetValueOrDefault(file);

        public void Dispose()
        {
        }
    }
}
