using Littlebox.Boot;
using Littlebox.Linux;

namespace Littlebox.Plan.Stepping;

/// <summary>Reads the host name of another process's uts namespace: no file of /proc shows it from outside, so a child joins the namespace and asks.</summary>
public static class HostNameProbe
{
    // struct utsname: six fields of 65 bytes; the second is the node name.
    private const int FieldLength = 65, UtsLength = 6 * FieldLength;

    /// <summary>The host name that a process sees; <c>null</c> where its namespaces may not be joined, or where it has ended.</summary>
    public static string? Of(int pid)
    {
        NamespaceFlags kinds = ProcessNamespaces.Differing(pid);
        if ((kinds & NamespaceFlags.Uts) == 0) return Kernel.Uname().Node;
        int pidfd = Kernel.TryPidfdOpen(pid);
        if (pidfd < 0) return null;
        using var process = new Descriptor(pidfd);
        // Joining a uts namespace needs CAP_SYS_ADMIN in the user namespace that owns it.
        return Ask(pidfd, pidfd, kinds & (NamespaceFlags.Uts | NamespaceFlags.User));
    }

    /// <summary>The host name of uts namespaces that are held open, without any process.</summary>
    /// <param name="uts">Descriptor of the uts namespace.</param>
    /// <param name="user">Descriptor of the user namespace that owns it, or -1 where it is ours.</param>
    public static string? OfOpen(int uts, int user) => Ask(user, uts, (user < 0 ? NamespaceFlags.None : NamespaceFlags.User) | NamespaceFlags.Uts);

    private static string? Ask(int user, int uts, NamespaceFlags kinds)
    {
        (Descriptor read, Descriptor write) = Kernel.Pipe();
        using Descriptor answers = read;
        var program = new BootBuilder();
        if (user == uts) program.Call(SystemCallNumber.Setns, $"setns({uts}, {new Words(CallFlags.Of(kinds))})", uts, (long)kinds);
        else
        {
            if (user >= 0) program.Call(SystemCallNumber.Setns, $"setns({user}, CLONE_NEWUSER)", user, (long)NamespaceFlags.User);
            program.Call(SystemCallNumber.Setns, $"setns({uts}, CLONE_NEWUTS)", uts, (long)NamespaceFlags.Uts);
        }
        Data name = program.Reserve(UtsLength);
        program.Call(SystemCallNumber.Uname, $"uname(…)", name);
        program.Call(SystemCallNumber.Write, $"write({write.Number}, …, 65)", write.Number, new Data(name.Offset + FieldLength), FieldLength);
        program.Exit(0);
        using (BootChild child = BootChild.Start(program, NamespaceFlags.None, user < 0 ? [uts, write.Number] : [user, uts, write.Number]))
        {
            write.Dispose();
            if (child.Receive(out _, out _) == MessageKind.Failed) child.Answer();
            Kernel.TryWait(child.Pid, out _);
        }
        Span<byte> field = stackalloc byte[FieldLength];
        return Kernel.TryRead(answers.Number, field) == FieldLength ? Linux.Text.Utf8Z.Read(field) : null;
    }
}
