using System.Runtime.InteropServices;
using Littlebox.Linux;

namespace Littlebox.Boot;

/// <summary>
/// A child that runs a boot program: cloned from this process, on its way to execve. Used by one thread; <see cref="Dispose"/> closes
/// the channel (a child that still waits for an answer then ends), and frees the program unless <see cref="ChildMemory.IsOursAlone"/>.
/// </summary>
public sealed unsafe class BootChild : IDisposable
{
    private const int ProtReadWrite = 3, MapShared = 1, MapPrivate = 2, MapAnonymous = 0x20, MapPopulate = 0x8000;

    // Whole pages.
    private static nint SharedLength => (sizeof(SharedPage) + 4095) & ~4095;

    private readonly nint memory;
    private readonly nint memoryLength;
    private readonly SharedPage* page;
    private readonly BootChannel channel;

    private BootChild(nint block, nint length, SharedPage* shared, Descriptor channel, int pid)
    {
        memory = block;
        memoryLength = length;
        page = shared;
        this.channel = new BootChannel(channel);
        Pid = pid;
    }

    /// <summary>The process id of the child as this process sees it. Changes once where the program clones again, see <see cref="FollowClone"/>.</summary>
    public int Pid { get; private set; }

    /// <summary>The host's end of the channel, to be polled; messages are read by <see cref="Receive"/>.</summary>
    public int Channel => channel.Number;

    /// <summary>The error number of the operation that failed.</summary>
    public Errno Error => (Errno)page->Error;

    /// <summary>The operation that runs, or that failed or was the last.</summary>
    public int CurrentOperation => page->Current;

    /// <summary>Which of the paths to execute failed.</summary>
    public int Candidate => page->Candidate;

    /// <summary>What a register holds now.</summary>
    public long RegisterValue(int index) => page->Values[index];

    /// <summary>CLOCK_MONOTONIC in nanoseconds when an operation began; 0 where it did not, or where times were not asked for.</summary>
    public long BeganAt(int operation) => operation < SharedPage.Times ? page->Began[operation] : 0;

    /// <summary>Clones a child into new namespaces and starts the program in it.</summary>
    /// <param name="builder">The program; it must end in an execute or an exit.</param>
    /// <param name="namespaces">The new namespaces of the clone.</param>
    /// <param name="keep">Descriptors that the program uses, besides 0 to 2; all others are closed before its first operation.</param>
    /// <param name="traced">Note when each operation begins.</param>
    /// <param name="cgroup">Descriptor of a version 2 cgroup to start in, or -1.</param>
    /// <exception cref="SystemCallException">The clone failed: see clone(2), for instance ENOSPC for too many namespaces.</exception>
    public static BootChild Start(BootBuilder builder, NamespaceFlags namespaces, ReadOnlySpan<int> keep, bool traced = false, int cgroup = -1)
    {
        (Descriptor ours, Descriptor theirs) = Kernel.SocketPair();
        using Descriptor closing = theirs;
        // The first operations close what is not kept: in front, so that nothing of ours is open while the rest runs.
        Span<int> open = stackalloc int[keep.Length + 2];
        keep.CopyTo(open);
        open[^1] = theirs.Number;
        open[^2] = builder.Kept;
        open.Sort();
        Span<Operation> preamble = stackalloc Operation[open.Length + 1];
        int from = 3, first = 0;
        foreach (int descriptor in open)
        {
            if (descriptor < from) continue;
            if (descriptor > from) preamble[first++] = CloseRange(from, descriptor - 1);
            from = descriptor + 1;
        }
        preamble[first++] = CloseRange(from, int.MaxValue);

        int operationCount = first + builder.Count;
        int dataOffset = sizeof(Head) + operationCount * sizeof(Operation);
        nint length = (dataOffset + builder.DataBlock.Length + 4095) & ~4095;
        nint block = Map(length, MapPrivate | MapAnonymous | MapPopulate);
        var shared = (SharedPage*)Map(SharedLength, MapShared | MapAnonymous);
        var head = (Head*)block;
        FillHead(head);
        var placed = (Operation*)(block + sizeof(Head));
        preamble[..first].CopyTo(new Span<Operation>(placed, first));
        builder.Operations.CopyTo(new Span<Operation>(placed + first, builder.Count));
        byte* data = (byte*)(block + dataOffset);
        builder.DataBlock.CopyTo(new Span<byte>(data, builder.DataBlock.Length));
        builder.Relocate(placed + first, data);
        // Targets are indices of the program without its preamble.
        for (int i = first; i < operationCount; i++) placed[i].Target += first;

        head->Operations = placed;
        head->Shared = shared;
        head->Channel = theirs.Number;
        head->Last = operationCount - 1;
        shared->Values[SharedPage.ChannelRegister] = theirs.Number;
        head->Traced = traced ? 1 : 0;
        head->Clone = new CloneArguments { Flags = (ulong)namespaces, ExitSignal = Signal.Child };
        if (cgroup >= 0)
        {
            head->Clone.Flags |= (ulong)CloneFlags.IntoCGroup;
            head->Clone.CGroup = (ulong)cgroup;
        }
        ChildMemory.LeaveOut([(block, length), ((nint)shared, SharedLength)]);
        nint pid = Interpreter.Run(head);
        var child = new BootChild(block, length, shared, ours, (int)pid) { preambleLength = first };
        if (pid < 0)
        {
            child.Dispose();
            Kernel.Check(pid, $"clone3({new Words($"{{flags={CallFlags.Of(namespaces)}, exit_signal=SIGCHLD}}")}, 88)");
        }
        return child;
    }

    private int preambleLength;

    /// <summary>The index in the builder's program of an operation that the child names; negative for those that close descriptors.</summary>
    public int InProgram(int operation) => operation - preambleLength;

    /// <summary>Reads a message of the child.</summary>
    /// <param name="number">Its number: an operation, a step.</param>
    /// <param name="passed">A descriptor that came along, or <c>null</c>.</param>
    /// <param name="wait">Wait for one.</param>
    /// <returns>Its kind; <see cref="MessageKind.Closed"/> after execve or the end; <c>null</c> where nothing is there and <paramref name="wait"/> is false.</returns>
    public MessageKind? Receive(out int number, out Descriptor? passed, bool wait = true)
    {
        BootMessage? message = channel.Receive(out passed, wait);
        if (message is { } received) Last = received;
        number = message?.Number ?? 0;
        return message?.Kind;
    }

    /// <summary>The whole message that <see cref="Receive"/> has read last.</summary>
    public BootMessage Last { get; private set; }

    /// <summary>Lets the child go on after a message.</summary>
    public void Answer() => channel.Answer();

    /// <summary>Lets the child go on after a message, and gives it a descriptor (SCM_RIGHTS, unix(7)).</summary>
    public void Answer(int descriptor) => channel.Answer(descriptor);

    /// <summary>After a program that clones again has done so: reaps the maker and takes over the clone, which is our child as well.</summary>
    /// <returns>False where the maker has failed before; then a message says why.</returns>
    public bool FollowClone()
    {
        Kernel.TryWait(Pid, out _);
        if (page->Pid == 0) return false;
        Pid = page->Pid;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        channel.Dispose();
        // A process that is ours alone ends soon, and its end takes all of its memory at once: each munmap by itself is a part of a start that can be measured.
        if (ChildMemory.IsOursAlone) return;
        SystemCall.Invoke(SystemCallNumber.Munmap, memory, memoryLength);
        SystemCall.Invoke(SystemCallNumber.Munmap, (nint)page, SharedLength);
    }

    private static nint Map(nint length, int flags) =>
        Kernel.Check(SystemCall.Invoke(SystemCallNumber.Mmap, 0, length, ProtReadWrite, flags, -1, 0), $"mmap(NULL, {length}, PROT_READ|PROT_WRITE, …)");

    private static Operation CloseRange(int first, int last)
    {
        var operation = new Operation { Code = OperationCode.Call, Number = SystemCallNumber.CloseRange, Result = -1 };
        operation.Arguments[0] = first;
        operation.Arguments[1] = last;
        return operation;
    }

    private static void FillHead(Head* head)
    {
        head->SystemCall = SystemCall.Raw;
        head->Openat2 = SystemCallNumber.Openat2;
        head->Mkdirat = SystemCallNumber.Mkdirat;
        head->Mknodat = SystemCallNumber.Mknodat;
        head->Close = SystemCallNumber.Close;
        head->Write = SystemCallNumber.Write;
        head->Sendto = SystemCallNumber.Sendto;
        head->Recvfrom = SystemCallNumber.Recvfrom;
        head->ExitGroup = SystemCallNumber.ExitGroup;
        head->Clone3 = SystemCallNumber.Clone3;
        head->Wait4 = SystemCallNumber.Wait4;
        head->Kill = SystemCallNumber.Kill;
        head->Statx = SystemCallNumber.Statx;
        head->Getcwd = SystemCallNumber.Getcwd;
        head->ClockGettime = SystemCallNumber.ClockGettime;
        head->RtSigaction = SystemCallNumber.RtSigaction;
        head->RtSigtimedwait = SystemCallNumber.RtSigtimedwait;
        head->RtSigprocmask = SystemCallNumber.RtSigprocmask;
        head->Execve = SystemCallNumber.Execve;
        head->CloseRange = SystemCallNumber.CloseRange;
        head->Accept4 = SystemCallNumber.Accept4;
        head->Fstatfs = SystemCallNumber.Fstatfs;
        head->OpenPath = (long)(OpenFlags.PathOnly | OpenFlags.CloseOnExec).Value;
        head->OpenDirectory = (long)OpenFlags.Directory.Value;
        head->OpenNoFollow = (long)OpenFlags.NoFollow.Value;
    }
}
