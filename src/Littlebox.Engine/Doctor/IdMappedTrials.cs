using System.Globalization;
using Littlebox.Boot;
using Littlebox.Engine.Options;
using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Runtime.Ids;
using Littlebox.Runtime.Steps;

namespace Littlebox.Engine.Doctor;

/// <summary>Idmapped mounts, by which root gives a root to a container with a user namespace of its own: for each file system that matters here.</summary>
internal static class IdMappedTrials
{
    private const string Group = "idmapped mounts";

    public static IEnumerable<Finding> Find()
    {
        if (Kernel.EffectiveUid != 0)
        {
            yield return new Finding(Group, "all", null, Weight.Used, "only root can make them, and only --userns of root needs them");
            yield break;
        }
        using Descriptor? user = MakeMapped(out TrialResult failure);
        if (user is null)
        {
            yield return Finding.Of(Group, "all", Weight.Used, failure, "");
            yield break;
        }
        int map = user.Number;
        yield return Try("tmpfs", map, program => SetOwners(program, program.NewFileSystem("tmpfs", MountAttributes.None), map));
        foreach (string path in new[] { Directories.Existing(DataDirectory.ForThisUser()), "/" }.DistinctBy(Directories.TypeOf))
            yield return Try($"{Directories.TypeOf(path)} ({path})", map, program => SetOwners(program, program.CloneTree(path, path, recursive: false), map));
        yield return Try("overlay over an idmapped layer", map, program => Overlay(program, map));
    }

    private static Finding Try(string name, int map, Action<BootBuilder> operations)
    {
        TrialResult result = Trial.Run(NamespaceFlags.Mount, operations, [map]);
        return Finding.Of(Group, name, Weight.Used, result, "owners mapped", result.Error is Errno.EINVAL ? ": this file system cannot map owners" : "");
    }

    // A user namespace with the maps of --userns=private; once it is open it needs no process.
    private static Descriptor? MakeMapped(out TrialResult failure)
    {
        failure = default;
        var program = new BootBuilder();
        program.Report(MessageKind.Ready);
        program.Exit(0);
        BootChild? child = null;
        try
        {
            child = BootChild.Start(program, NamespaceFlags.User, []);
            child.Receive(out _, out _);
            IdMapWriter.Write(child.Pid, IdMapResolver.Resolve([], []));
            return Kernel.OpenAt2(Strace.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{child.Pid}/ns/user"), OpenFlags.ReadOnly);
        }
        catch (SystemCallException error)
        {
            failure = new TrialResult(error.Error, error.Call);
            return null;
        }
        finally
        {
            if (child is not null)
            {
                Kernel.TryKill(child.Pid, Signal.Kill);
                Kernel.TryWait(child.Pid, out _);
                child.Dispose();
            }
        }
    }

    private static void SetOwners(BootBuilder program, Register mount, int map)
    {
        Data argument = program.Structure(new MountAttributesArgument { Set = (ulong)MountAttributes.IdMapped, UserNamespace = (ulong)map });
        program.Call(SystemCallNumber.MountSetattr, $"mount_setattr({mount}, \"\", AT_EMPTY_PATH, {{attr_set=MOUNT_ATTR_IDMAP, userns_fd={map}}}, 32)", mount, program.String(""), 0x1000, argument, 32);
    }

    private static void Overlay(BootBuilder program, int map)
    {
        Register scratch = SystemCallTrials.Scratch(program, "lower", "upper", "work");
        Register lower = program.NewFileSystem("tmpfs", MountAttributes.None);
        SetOwners(program, lower, map);
        Register place = program.NewRegister("lower");
        program.Call(SystemCallNumber.Openat, $"openat({scratch}, \"lower\", O_PATH|O_CLOEXEC)", scratch, program.String("lower"), 0x280000).To(place);
        program.Attach(lower, place);
        program.NewFileSystem("overlay", MountAttributes.None, new KeyValuePair<string, string>[] { new("lowerdir", "/proc/lower"), new("upperdir", "/proc/upper"), new("workdir", "/proc/work") });
    }
}
