using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Plan;

/// <summary>The host's side of a child that runs the inside steps of a plan: reads its messages, and turns a failure into the error for people.</summary>
public sealed class ChildSession(ContainerPlan plan, BootChild child, Func<BootBuilder> rebuild) : IDisposable
{
    /// <summary>The child.</summary>
    public BootChild Child => child;

    /// <summary>True once the child has executed its command, or has ended.</summary>
    public bool Closed { get; private set; }

    /// <summary>Called before each step inside, when steps are reported: its index in the plan.</summary>
    public Action<int>? OnStep { get; set; }

    /// <summary>Called with the descriptor of the console's pty; the callee owns it.</summary>
    public Action<Descriptor>? OnConsole { get; set; }

    /// <summary>Called with the descriptors of what the host is to copy: kind, number, descriptor, which the callee owns. The child goes on when it returns.</summary>
    public Action<MessageKind, int, Descriptor>? OnCopy { get; set; }

    /// <summary>Called when a seccomp filter with a listener comes; the callee answers, takes the descriptor, and says so to the child.</summary>
    public Action<BootMessage>? OnListener { get; set; }

    /// <summary>Called with messages about hooks: kind, number, and a descriptor that the callee owns. The callee answers.</summary>
    public Action<MessageKind, int, Descriptor?>? OnHook { get; set; }

    /// <summary>What to find out about a failed step while the child still stands there: its root, its descriptors.</summary>
    public Func<Step, BootChild, LittleboxException?>? OnFailure { get; set; }

    /// <summary>Handles messages until <paramref name="wanted"/> comes (which the caller answers), or the channel closes.</summary>
    /// <exception cref="StepFailedException">A step failed.</exception>
    /// <returns>False where the child has gone, or has executed its command, without that message.</returns>
    public bool Await(MessageKind wanted)
    {
        while (!Closed)
        {
            if (Next(wait: true) == wanted) return true;
        }
        return false;
    }

    /// <summary>Handles the messages that are there now.</summary>
    /// <exception cref="StepFailedException">A step failed.</exception>
    public void Pump()
    {
        while (!Closed && Next(wait: false) is not null)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose() => child.Dispose();

    private MessageKind? Next(bool wait)
    {
        MessageKind? kind = child.Receive(out int number, out Descriptor? passed, wait);
        switch (kind)
        {
            case MessageKind.Closed:
                Closed = true;
                break;
            case MessageKind.Failed:
                throw Failure(child.InProgram(number));
            case MessageKind.Die:
                Kernel.Kill(Kernel.ProcessId, Signal.Kill);
                break;
            case MessageKind.Step:
                OnStep?.Invoke(number);
                child.Answer();
                break;
            case MessageKind.Console:
                if (passed is null) throw new SystemCallException("recvmsg(channel, {SCM_RIGHTS})", Errno.EBADMSG);
                if (OnConsole is null) passed.Dispose();
                else OnConsole(passed);
                child.Answer();
                break;
            case MessageKind.Seccomp:
                if (OnListener is null) throw new SystemCallException("seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER)", Errno.ENOTCONN);
                OnListener(child.Last);
                break;
            case MessageKind.CopyFrom or MessageKind.CopyTo:
                if (passed is null || OnCopy is null) throw new SystemCallException("recvmsg(channel, {SCM_RIGHTS})", Errno.EBADMSG);
                OnCopy(kind.Value, number, passed);
                child.Answer();
                break;
            case MessageKind.Hooks or MessageKind.HookRuns or MessageKind.HookEnded:
                OnHook?.Invoke(kind.Value, number, passed);
                break;
        }
        return kind;
    }

    private LittleboxException Failure(int operation)
    {
        BootBuilder program = rebuild();
        int index = program.StepOf(operation);
        Step step = plan.Steps[index];
        LittleboxException? better = OnFailure?.Invoke(step, child);
        if (better is not null) return better;
        // The child waits for our answer, so that its descriptors can still be looked at.
        return StepFailedException.Of(step, index, program.Describe(operation, DescribeRegister), child.Error);
    }

    private string DescribeRegister(int register)
    {
        long value = child.RegisterValue(register);
        string? target = Kernel.TryReadLink($"/proc/{child.Pid}/fd/{value}");
        return target is null ? Strace.Descriptor((int)value) : $"{value}<{Strace.Escape(target)}>";
    }
}
