using System.Text;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Namespaces;

/// <summary>How the ids of a new user namespace map to those outside (user_namespaces(7)).</summary>
public enum IdMapping
{
    /// <summary>Every id to itself; for an ordinary user, his own alone.</summary>
    Identity,

    /// <summary>The caller is root inside, and nobody else is there.</summary>
    Root,
}

/// <summary>Makes namespaces that no process is in, and pins them at once.</summary>
public static class NamespaceMaker
{
    /// <summary>Makes new namespaces of the given kinds and pins all of them under a name. Where anything fails, nothing stays.</summary>
    /// <param name="pins">Where to pin.</param>
    /// <param name="kinds">Which kinds; not pid, which cannot be without a process.</param>
    /// <param name="name">The name of the pins.</param>
    /// <param name="mapping">For a new user namespace.</param>
    /// <exception cref="LittleboxException">A wrong name or kind; no permission; the kernel's limit of namespaces is reached.</exception>
    public static IReadOnlyList<NamespacePin> Make(NamespacePins pins, NamespaceFlags kinds, string name, IdMapping mapping = IdMapping.Identity)
    {
        NamespaceName.Check(name);
        if (kinds == NamespaceFlags.None) throw new LittleboxException(ErrorKind.InvalidArgument, "say which namespaces to make: --net, --uts, --ipc, --mount, --user, --cgroup, --time");
        if (kinds.HasFlag(NamespaceFlags.Pid))
        {
            throw new LittleboxException(ErrorKind.NotSupported,
                "a pid namespace cannot be made without a process: it comes to life with its first process and is dead for good when that ends (pid_namespaces(7)); "
                + "start one ('littlebox run', or 'unshare --pid --fork') and keep its namespace with 'littlebox ns pin PID --pid'");
        }

        // The namespaces need a task for the moment between clone and bind mount: a child that makes no step but these.
        BootBuilder Build(bool keepsText) => Program(kinds, keepsText);
        using BootChild child = Start(Build(keepsText: false), kinds);
        try
        {
            if (kinds.HasFlag(NamespaceFlags.User))
            {
                Await(child, Build);
                WriteMaps(child.Pid, mapping);
                child.Answer();
            }
            Await(child, Build);
            using OpenNamespaces made = TargetResolver.OpenProcess(child.Pid, "the new namespaces", name);
            return pins.Pin(made, [.. NamespaceKinds.All.Where(kind => kinds.HasFlag(kind)).Select(kind => (kind, name))]);
        }
        finally
        {
            Kernel.TryKill(child.Pid, Signal.Kill); // our own child, not yet waited for: the number is certainly its
            Kernel.TryWait(child.Pid, out _);
        }
    }

    private static BootChild Start(BootBuilder program, NamespaceFlags kinds)
    {
        try
        {
            return BootChild.Start(program, kinds, []);
        }
        catch (SystemCallException error)
        {
            if (error.Error is Errno.EPERM && Kernel.EffectiveUid != 0 && !kinds.HasFlag(NamespaceFlags.User))
                throw new LittleboxException(ErrorKind.NotSupported, "namespaces without a process are kept by a bind mount, and only root may make either of them: be root; an ordinary user's namespaces live as long as a process in them ('littlebox run')", error);
            throw new LittleboxException(error.Error is Errno.EPERM ? ErrorKind.NotSupported : ErrorKind.SystemError,
                Plan.Hints.Of(error.Call, error.Error) ?? $"the namespaces cannot be made: {error.Error.Describe()}", error);
        }
    }

    private static BootBuilder Program(NamespaceFlags kinds, bool keepsText)
    {
        var program = new BootBuilder(keepsText);
        if (kinds.HasFlag(NamespaceFlags.User)) program.Report(MessageKind.Ready); // until the maps are written we are nobody
        if (kinds.HasFlag(NamespaceFlags.Mount))
        {
            // As unshare(1): what is mounted inside stays inside.
            program.Call(SystemCallNumber.Mount, $"mount(\"none\", \"/\", NULL, MS_REC|MS_PRIVATE, NULL)",
                program.String("none"), program.String("/"), 0, (long)(ulong)(MountFlags.Recursive | MountFlags.Private), 0);
        }
        if (kinds.HasFlag(NamespaceFlags.Network))
        {
            Register socket = program.NewRegister("socket");
            program.Call(SystemCallNumber.Socket, $"socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, 0)", 2, 2 | 0x80000, 0).To(socket);
            program.Call(SystemCallNumber.Ioctl, $"ioctl({socket}, SIOCSIFFLAGS, {{ifr_name=\"lo\", ifr_flags=IFF_UP}})", socket, 0x8914, program.Structure(new InterfaceFlagsRequest("lo", 1)));
        }
        program.Report(MessageKind.Ready);
        program.Exit(0);
        return program;
    }

    private static void Await(BootChild child, Func<bool, BootBuilder> build)
    {
        MessageKind? message = child.Receive(out int operation, out _);
        if (message is MessageKind.Ready) return;
        string call = message is MessageKind.Failed && child.InProgram(operation) is >= 0 and var index
            ? build(true).Describe(index, register => Strace.Descriptor((int)child.RegisterValue(register))) : "clone3(…)";
        throw new LittleboxException(ErrorKind.SystemError, "the new namespaces cannot be set up", new SystemCallException(call, child.Error));
    }

    private static void WriteMaps(int pid, IdMapping mapping)
    {
        uint uid = Kernel.EffectiveUid, gid = Kernel.EffectiveGid;
        bool whole = mapping is IdMapping.Identity && uid == 0;
        if (!whole) WriteProc($"/proc/{pid}/setgroups", "deny"); // what an ordinary user must give up first (CVE-2014-8989)
        WriteProc($"/proc/{pid}/uid_map", whole ? AllOf("uid_map") : $"{(mapping is IdMapping.Root ? 0 : uid)} {uid} 1");
        WriteProc($"/proc/{pid}/gid_map", whole ? AllOf("gid_map") : $"{(mapping is IdMapping.Root ? 0 : gid)} {gid} 1");
    }

    /// <summary>Every id that there is in our own user namespace, to itself. Each line of a map is: first id inside, first id outside, how many.</summary>
    private static string AllOf(string map)
    {
        var lines = new StringBuilder();
        foreach (string line in (SmallFile.TryReadText($"/proc/thread-self/{map}") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 3) lines.Append(fields[0]).Append(' ').Append(fields[0]).Append(' ').Append(fields[2]).Append('\n');
        }
        return lines.ToString();
    }

    private static void WriteProc(string path, string text)
    {
        using Descriptor file = Kernel.OpenAt2(Strace.CurrentDirectory, path, OpenFlags.WriteOnly);
        Kernel.Write(file.Number, Encoding.ASCII.GetBytes(text));
    }
}
