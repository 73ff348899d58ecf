using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Runtime.Oci.State;

/// <summary>
/// The containers of one <c>--root</c>: a directory each, with <c>state.json</c>, the <c>config.json</c> it was made from, and <c>start.sock</c> until it has been started.
/// Who changes a container holds a lock (flock) on its directory. Threads: any.
/// </summary>
public sealed class OciStore
{
    /// <summary>The socket on which a created container waits for <c>start</c>.</summary>
    public const string StartSocket = "start.sock";

    private const int Private = 0x1c0; // 0700

    private Written? written;

    /// <summary>The store below an absolute directory.</summary>
    public OciStore(string root) => Root = Path.GetFullPath(root);

    /// <summary>Told what is no error and must be known nevertheless: a hook that failed where the spec wants a warning.</summary>
    public Action<LittleboxException> Warn { get; init; } = static _ => { };

    /// <summary>Absolute path of the store.</summary>
    public string Root { get; }

    /// <summary>Path of the store where none is named: <c>/run/littlebox-oci</c>, for ordinary users <c>$XDG_RUNTIME_DIR/littlebox-oci</c>.</summary>
    public static string DefaultRoot()
    {
        string? runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        bool named = !string.IsNullOrEmpty(runtime) && runtime.StartsWith('/');
        // Root of a user namespace that an ordinary user has made, as podman does, is that user still: /run is not his.
        bool ordinary = Kernel.EffectiveUid != 0 || named && Environment.GetEnvironmentVariable("USER") != "root" && IsInUserNamespace;
        if (!ordinary) return "/run/littlebox-oci";
        return named ? runtime + "/littlebox-oci" : $"/tmp/littlebox-oci-{Kernel.EffectiveUid}";
    }

    /// <summary>
    /// The name of a container's cgroup where its config.json has none: its id; in another store than the default one with a number of the store behind it, since the same id may be in
    /// several stores.
    /// </summary>
    public string CGroupNameOf(string id)
    {
        if (Root == DefaultRoot()) return id;
        uint hash = 2166136261; // FNV-1a, the same in every process
        foreach (char c in Root) hash = (hash ^ c) * 16777619;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{id}-{hash:x8}");
    }

    /// <summary>Throws unless an id may be used: letters, digits, <c>_ + - .</c>, 1024 bytes at most, and not <c>.</c> or <c>..</c>.</summary>
    /// <exception cref="LittleboxException">It may not.</exception>
    public static void CheckId(string id)
    {
        if (!IsId(id)) throw new LittleboxException(ErrorKind.InvalidArgument, $"container id {Strace.Quote(id)}: not an id; valid are letters, digits, '_', '+', '-' and '.'");
    }

    /// <summary>Makes the directory of a new container and locks it.</summary>
    /// <returns><c>null</c> where the id is in use, or where what a killed <c>create</c> has left bears it.</returns>
    public OciDirectory? TryMake(string id)
    {
        CheckId(id);
        using Descriptor store = DirectoryTree.OpenOrMake(Root, Private);
        FileStatus status = Kernel.Statx(store.Number);
        if (status.Uid != Kernel.EffectiveUid || (status.Mode & 0x12) != 0)
            throw new LittleboxException(ErrorKind.SafetyViolation, $"{Root} belongs to uid {status.Uid} and has mode 0{Convert.ToString(status.Mode & 0xfff, 8)}; it must be this user's own, and writeable by nobody else");
        while (true)
        {
            int made = Kernel.TryMkdirAt(store.Number, id, Private);
            if (Kernel.ErrorOf(made) is Errno.EEXIST) return null;
            if (made < 0) Kernel.MkdirAt(store.Number, id, Private);
            // Between the two calls somebody may have taken it for what a killed create has left, and removed it.
            if (OpenDirectory(store.Number, id, LockOperation.Exclusive) is not { } directory) continue;
            // And somebody else may have made one of that name since: then there is more in it than nothing.
            if (Kernel.TryStatx(directory.Number, "config.json", follow: false, out _) < 0) return directory;
            directory.Dispose();
            return null;
        }
    }

    /// <summary>Opens and locks the directory of a container.</summary>
    /// <exception cref="LittleboxException">There is none of that id.</exception>
    public OciDirectory Open(string id)
    {
        CheckId(id);
        int store = Kernel.TryOpenAt2(Strace.CurrentDirectory, Root, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (store < 0) throw Missing(id);
        using var opened = new Descriptor(store);
        return OpenDirectory(store, id, LockOperation.Exclusive) ?? throw Missing(id);
    }

    /// <summary>Opens and locks the directory of a container that nobody has locked; <c>null</c> where somebody has, or where there is none of that id.</summary>
    public OciDirectory? TryOpenUnlocked(string id)
    {
        CheckId(id);
        int store = Kernel.TryOpenAt2(Strace.CurrentDirectory, Root, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (store < 0) return null;
        using var opened = new Descriptor(store);
        return OpenDirectory(store, id, LockOperation.Exclusive | LockOperation.NonBlocking);
    }

    /// <summary>The ids of all containers, in no order.</summary>
    public IReadOnlyList<string> Ids()
    {
        int store = Kernel.TryOpenAt2(Strace.CurrentDirectory, Root, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (store < 0) return [];
        using var opened = new Descriptor(store);
        return [.. Kernel.ReadDirectory(store).Select(static entry => entry.Name).Where(IsId)];
    }

    /// <summary>Reads what is written down of a container, without a lock; <c>null</c> where there is nothing, or not yet.</summary>
    public OciContainerState? Read(string id)
    {
        CheckId(id);
        return SmallFile.TryRead($"{Root}/{id}/state.json") is { } json ? StateOf(json) : null;
    }

    /// <summary>The state that a file holds: <c>run</c> finds what it has written itself, mostly, and need not read that as JSON.</summary>
    internal OciContainerState? StateOf(byte[] json) => written is { } ours && ours.Json.AsSpan().SequenceEqual(json) ? ours.State : OciContainerState.Parse(json);

    /// <summary>Keeps in mind what has just been written.</summary>
    internal void Remember(OciContainerState state, byte[] json) => written = new Written(state, json);

    /// <summary>The config.json that a container was made from, without a lock; <c>null</c> where there is none of that id.</summary>
    public byte[]? ReadConfig(string id)
    {
        CheckId(id);
        int opened = Kernel.TryOpenAt2(Strace.CurrentDirectory, $"{Root}/{id}/config.json", OpenFlags.ReadOnly);
        if (opened < 0) return null;
        using var file = new Descriptor(opened);
        return SmallFile.Read(opened, 16 << 20);
    }

    /// <summary>True until a container has been started; without a lock.</summary>
    public bool WaitsForStart(string id) => Kernel.TryStatx(Strace.CurrentDirectory, $"{Root}/{id}/{StartSocket}", follow: false, out _) >= 0;

    // Outside of any, all ids map to themselves (user_namespaces(7)).
    private static bool IsInUserNamespace => SmallFile.TryReadText("/proc/self/uid_map")?.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is not ["0", "0", "4294967295"];

    private OciDirectory? OpenDirectory(int store, string id, LockOperation operation)
    {
        int number = Kernel.TryOpenAt2(store, id, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (number < 0) return null;
        var directory = new Descriptor(number);
        bool locked = Lock(number, operation);
        // Who had the lock before may have removed the directory: then what is open here is nobody's any more.
        if (locked && Kernel.TryStatx(store, id, follow: false, out FileStatus status) >= 0 && status.Identity == Kernel.Statx(number).Identity) return new OciDirectory(this, id, directory);
        directory.Dispose();
        return null;
    }

    private static bool Lock(int number, LockOperation operation)
    {
        int result;
        do result = Kernel.TryFlock(number, operation);
        while (Kernel.ErrorOf(result) is Errno.EINTR);
        if (Kernel.ErrorOf(result) is Errno.EAGAIN) return false;
        if (result < 0) Kernel.Flock(number, operation);
        return true;
    }

    private static bool IsId(string id)
    {
        bool good = id.Length is > 0 and <= 1024 && id is not "." and not "..";
        foreach (char c in id) good &= char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '-' or '.';
        return good;
    }

    /// <summary>There is no container of an id; the words are those that engines look for.</summary>
    public static LittleboxException Missing(string id) => new(ErrorKind.NotFound, $"container does not exist: {id}");

    private sealed record Written(OciContainerState State, byte[] Json);
}
