using System.Globalization;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Namespaces;
using Littlebox.Plan.Stepping;
using Littlebox.Runtime.Ids;
using Littlebox.Runtime.State;

namespace Littlebox.Engine.Learn;

/// <summary>
/// A uts namespace that a bind mount keeps for the time of a lesson. For root the mount lies on the machine, as pins do; an ordinary user may mount only
/// in a mount namespace of its own, so there a process waits that has one. Either way a small process takes everything away when littlebox ends, however
/// it ends.
/// </summary>
public sealed class KeptNamespace : IDisposable
{
    private const string PinName = "lesson";
    private const int Detach = (int)(UnmountFlags.Detach | UnmountFlags.NoFollow), RemoveDirectory = 0x200;

    private readonly string directory;
    private readonly BootChild keeper;
    private bool gone;

    private KeptNamespace(string directory, NamespaceId id, BootChild keeper)
    {
        this.directory = directory;
        Id = id;
        this.keeper = keeper;
    }

    /// <summary>The namespace.</summary>
    public NamespaceId Id { get; }

    /// <summary>The process in whose mount namespace the bind mount lies; <c>null</c> where that is our own.</summary>
    public int? Keeper => IsRoot ? null : keeper.Pid;

    /// <summary>The file on which the namespace is mounted, as this process reaches it.</summary>
    public string Path => IsRoot ? Place : string.Create(CultureInfo.InvariantCulture, $"/proc/{keeper.Pid}/root{Place}");

    private string Place => PathIn(directory);

    private static bool IsRoot => Kernel.EffectiveUid == 0;

    /// <summary>Keeps the uts namespace of a process.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="name">A name for the directory.</param>
    /// <param name="store">Below its directory the place for the mount is made.</param>
    /// <exception cref="LittleboxException">It may not be mounted.</exception>
    public static KeptNamespace Keep(int pid, string name, StateStore store)
    {
        string place = $"{store.Directory}/{name}";
        using OpenNamespaces target = TargetResolver.OpenProcess(pid, $"process {pid}", null);
        int uts = target.Number(NamespaceFlags.Uts);
        DirectoryTree.OpenOrMake(IsRoot ? place : $"{place}/{PinName}").Dispose();
        BootChild child = IsRoot ? BootChild.Start(Guard(place), NamespaceFlags.None, [])
            : BootChild.Start(Mounter(place, uts, keepsText: false), NamespaceFlags.User | NamespaceFlags.Mount, [uts]);
        var kept = new KeptNamespace(place, target[NamespaceFlags.Uts]!.Value, child);
        try
        {
            if (IsRoot) new NamespacePins(new PinPlaces(Own: place)).Pin(target, [(NamespaceFlags.Uts, PinName)]);
            else kept.AwaitMount(uts);
            return kept;
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    /// <summary>The namespace, opened through its bind mount, and the user namespace that owns it where that is not ours.</summary>
    public OpenNamespaces Open()
    {
        OpenNamespaces opened = TargetResolver.OpenPath(Path);
        int owner = IsRoot ? -1 : Kernel.TryGetOwningUserNamespace(opened.Number(NamespaceFlags.Uts));
        if (owner >= 0) opened.Adopt(new Descriptor(owner));
        return opened;
    }

    /// <summary>The host name in it, asked by a child that enters; <c>null</c> where it may not.</summary>
    public string? HostName()
    {
        using OpenNamespaces opened = Open();
        return HostNameProbe.OfOpen(opened.Number(NamespaceFlags.Uts), opened[NamespaceFlags.User] is null ? -1 : opened.Number(NamespaceFlags.User));
    }

    /// <summary>Takes the bind mount away, and all that was made for it. Nothing happens the second time.</summary>
    public void Dispose()
    {
        if (gone) return;
        gone = true;
        int pid = keeper.Pid;
        // It sees the channel close, cleans up and ends.
        keeper.Dispose();
        Kernel.TryWait(pid, out _);
    }

    private void AwaitMount(int uts)
    {
        while (true)
        {
            switch (keeper.Receive(out int number, out _))
            {
                case MessageKind.Ready when number == 0:
                    IdMapWriter.Write(keeper.Pid, new IdMappings([new IdRange(0, Kernel.EffectiveUid, 1)], [new IdRange(0, Kernel.EffectiveGid, 1)], ByHelper: false));
                    keeper.Answer();
                    break;
                case MessageKind.Ready:
                    keeper.Answer();
                    return;
                case MessageKind.Failed when keeper.InProgram(number) is >= 0 and var operation:
                    throw new SystemCallException(Mounter(directory, uts, keepsText: true).Describe(operation, static register => $"<{register}>"), keeper.Error);
                default:
                    throw new SystemCallException("recvfrom(<channel of the keeper>)", Errno.ECONNRESET);
            }
        }
    }

    // In the new mount namespace, where it is root: mounts the namespace's file, lets go of every descriptor of it, and waits.
    private static BootBuilder Mounter(string directory, int uts, bool keepsText)
    {
        var program = new BootBuilder(keepsText);
        program.Report(MessageKind.Ready, 0);
        Register file = program.NewRegister("file"), tree = program.NewRegister("namespace");
        long create = (long)(OpenFlags.ReadOnly | OpenFlags.Create | OpenFlags.CloseOnExec).Value;
        program.Call(SystemCallNumber.Openat, $"openat(AT_FDCWD, {PathIn(directory)}, O_RDONLY|O_CREAT|O_CLOEXEC, 0600)", Strace.CurrentDirectory, program.String(PathIn(directory)), create, 0x180).To(file);
        program.Call(SystemCallNumber.OpenTree, $"open_tree({uts}, \"\", OPEN_TREE_CLONE|AT_EMPTY_PATH)", uts, program.String(""), (uint)(OpenTreeFlags.Clone | OpenTreeFlags.CloseOnExec | OpenTreeFlags.EmptyPath)).To(tree);
        program.Call(SystemCallNumber.MoveMount, $"move_mount({tree}, \"\", {file}, \"\", MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH)",
            tree, program.String(""), file, program.String(""), (int)(MoveMountFlags.FromEmptyPath | MoveMountFlags.ToEmptyPath));
        foreach (Argument descriptor in (Argument[])[file, tree, uts]) program.Call(SystemCallNumber.Close, $"close(…)", descriptor);
        program.Report(MessageKind.Ready, 1);
        CleanUp(program, directory);
        return program;
    }

    private static BootBuilder Guard(string directory)
    {
        var program = new BootBuilder();
        CleanUp(program, directory);
        return program;
    }

    private static void CleanUp(BootBuilder program, string directory)
    {
        program.AwaitEndOfHost();
        Unmount(program, PathIn(directory));
        Remove(program, PathIn(directory), 0);
        Remove(program, $"{directory}/{PinName}", RemoveDirectory);
        // Pins lie in a directory that is bound onto itself.
        Unmount(program, directory);
        Remove(program, directory, RemoveDirectory);
        program.Exit(0);
    }

    // What is not there need not be taken away.
    private static void Unmount(BootBuilder program, string path) =>
        program.Call(SystemCallNumber.Umount2, $"umount2({path}, MNT_DETACH|UMOUNT_NOFOLLOW)", program.String(path), Detach).Tolerate(Errno.EINVAL, Errno.ENOENT, Errno.EPERM);

    private static void Remove(BootBuilder program, string path, int flags) =>
        program.Call(SystemCallNumber.Unlinkat, $"unlinkat(AT_FDCWD, {path}, {flags})", Strace.CurrentDirectory, program.String(path), flags).Tolerate(Errno.ENOENT, Errno.ENOTEMPTY, Errno.EBUSY);

    private static string PathIn(string directory) => $"{directory}/{PinName}/uts";
}
