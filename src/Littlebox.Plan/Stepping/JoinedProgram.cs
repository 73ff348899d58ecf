using System.Text;
using Littlebox.Boot;
using Littlebox.Linux;

namespace Littlebox.Plan.Stepping;

/// <summary>A program that is started in the namespaces of another process, as nsenter(1) does, and the standard streams that it gets.</summary>
public sealed record JoinedProgram
{
    /// <summary>The process whose namespaces are joined.</summary>
    public required int Pid { get; init; }

    /// <summary>Paths to try, seen from inside; the first that can be executed is. Not looked at where there is an <see cref="Executable"/>.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>An open executable file, which then need not exist inside; -1 for none. It must be statically linked, since its loader would be sought inside.</summary>
    public int Executable { get; init; } = -1;

    /// <summary>The arguments, the program's own name first.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The environment, <c>NAME=VALUE</c>.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>The descriptor for standard input.</summary>
    public int Input { get; init; }

    /// <summary>Runs it and waits for its end. It ends with this process.</summary>
    /// <exception cref="SystemCallException">It could not be started: the namespaces may not be joined, or nothing of that name can be executed.</exception>
    public WaitStatus Run()
    {
        using BootChild child = Start(1, 2);
        return Kernel.Wait(child.Pid);
    }

    /// <summary>Runs it and returns what it printed on both streams, up to 1 MiB.</summary>
    /// <exception cref="SystemCallException">As <see cref="Run"/>.</exception>
    public (WaitStatus Status, string Output) Capture()
    {
        (Descriptor read, Descriptor write) = Kernel.Pipe();
        using Descriptor output = read;
        BootChild child;
        using (write) child = Start(write.Number, write.Number);
        using (child)
        {
            string text = SmallFile.Read(read.Number) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
            return (Kernel.Wait(child.Pid), text);
        }
    }

    private BootChild Start(int output, int error)
    {
        NamespaceFlags kinds = ProcessNamespaces.Differing(Pid);
        using var process = new Descriptor(Kernel.PidfdOpen(Pid));
        BootBuilder program = Build(process.Number, kinds, output, error);
        Span<int> keep = [process.Number, output, error, Input, .. Executable < 0 ? [] : (ReadOnlySpan<int>)[Executable]];
        BootChild child = BootChild.Start(program, NamespaceFlags.None, keep);
        try
        {
            while (true)
            {
                switch (child.Receive(out int operation, out _))
                {
                    case MessageKind.Ready:
                        child.FollowClone();
                        child.Answer();
                        break;
                    case MessageKind.Failed:
                        string call = program.Describe(child.InProgram(operation), static register => $"<{register}>");
                        throw new SystemCallException(call, child.Error);
                    default:
                        return child;
                }
            }
        }
        catch
        {
            Kernel.TryKill(child.Pid, Signal.Kill);
            Kernel.TryWait(child.Pid, out _);
            child.Dispose();
            throw;
        }
    }

    private BootBuilder Build(int process, NamespaceFlags kinds, int output, int error)
    {
        var program = new BootBuilder(keepsText: true);
        if (kinds != NamespaceFlags.None) program.Call(SystemCallNumber.Setns, $"setns(<pidfd of {Pid}>, {new Words(CallFlags.Of(kinds))})", process, (long)kinds);
        // A pid namespace counts for the next child only.
        program.Clone(NamespaceFlags.None);
        program.Report(MessageKind.Ready);
        program.Call(SystemCallNumber.Prctl, $"prctl(PR_SET_PDEATHSIG, SIGKILL)", 1, Signal.Kill);
        if ((kinds & NamespaceFlags.User) != 0)
        {
            // Where the ids are not mapped yet, or setgroups is denied, it stays who it is.
            program.Call(SystemCallNumber.Setgroups, $"setgroups(0, NULL)", 0, 0).Tolerate(Errno.EPERM);
            program.Call(SystemCallNumber.Setresgid, $"setresgid(0, 0, 0)", 0, 0, 0).Tolerate(Errno.EPERM, Errno.EINVAL);
            program.Call(SystemCallNumber.Setresuid, $"setresuid(0, 0, 0)", 0, 0, 0).Tolerate(Errno.EPERM, Errno.EINVAL);
        }
        (int From, int To)[] streams = [(Input, 0), (output, 1), (error, 2)];
        foreach ((int from, int to) in streams)
        {
            if (from != to) program.Call(SystemCallNumber.Dup3, $"dup3({from}, {to}, 0)", from, to, 0);
        }
        program.ResetSignals();
        if (Executable < 0)
        {
            program.Execute(Paths, Arguments, Environment);
            return program;
        }
        program.Call(SystemCallNumber.Execveat, $"execveat({Executable}, \"\", …, AT_EMPTY_PATH)", Executable, program.String(""), program.Strings(Arguments), program.Strings(Environment), 0x1000);
        return program;
    }
}
