using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Littlebox.Linux;

namespace Littlebox.Boot;

/// <summary>
/// Collects the operations and the data of a boot program. Ordinary managed code; nothing here runs in the child.
/// </summary>
/// <remarks>
/// Building is deterministic. In the ordinary case no text is kept; when an operation fails, or someone asks to have the plan explained, the same
/// program is built again with <paramref name="keepsText"/>, and each operation then knows how strace would print it. Not for several threads.
/// </remarks>
/// <param name="keepsText">Keep the text of each operation.</param>
public sealed class BootBuilder(bool keepsText = false)
{
    // The first one is the channel.
    private readonly List<string> registerNames = ["channel"];
    private readonly Dictionary<string, Data> strings = new(StringComparer.Ordinal);
    private readonly List<(int Operation, int Argument)> dataArguments = [];
    private readonly List<int> dataPointers = [];
    private readonly List<(int Operation, Label Label)> jumps = [];
    private readonly List<string> texts = [];
    private readonly OperationList operations = new();
    private byte[] data = new byte[8192];
    private int dataLength;

    /// <summary>True when the texts of the operations are kept.</summary>
    public bool KeepsText => keepsText;

    /// <summary>The number that is written into the operations that follow: the place of their step in the plan.</summary>
    public int Step { get; set; }

    /// <summary>How many operations there are.</summary>
    public int Count => operations.Count;

    /// <summary>A new register.</summary>
    /// <param name="name">What it holds, in words for people: <c>root</c>.</param>
    public Register NewRegister(string name)
    {
        if (registerNames.Count == SharedPage.Registers) throw new LittleboxException(ErrorKind.NotSupported, $"this is too much for one start: its program may have {SharedPage.Registers} descriptors and numbers at most");
        registerNames.Add(name);
        return new Register(registerNames.Count - 1);
    }

    /// <summary>A NUL-terminated string in the data block; equal strings are kept once.</summary>
    public Data String(string value)
    {
        if (strings.TryGetValue(value, out Data known)) return known;
        Data added = FreshString(value);
        strings.Add(value, added);
        return added;
    }

    /// <summary>A string that the child may change.</summary>
    public Data FreshString(string value)
    {
        if (value.Contains('\0')) throw new ArgumentException($"{Linux.Text.Strace.Quote(value)} contains a NUL character, which no name, path or argument may", nameof(value));
        Data place = Reserve(Linux.Text.SystemText.Count(value) + 1);
        Linux.Text.SystemText.Encode(value, data.AsSpan(place.Offset));
        return place;
    }

    /// <summary>Room for <paramref name="size"/> bytes of zeros, aligned to 8.</summary>
    public Data Reserve(int size)
    {
        int offset = (dataLength + 7) & ~7;
        dataLength = offset + size;
        if (dataLength > data.Length) Array.Resize(ref data, Math.Max(data.Length * 2, dataLength));
        return new Data(offset);
    }

    /// <summary>A structure in the data block.</summary>
    public Data Structure<T>(T value)
        where T : unmanaged
    {
        Data place = Reserve(Unsafe.SizeOf<T>());
        Unsafe.WriteUnaligned(ref data[place.Offset], value);
        return place;
    }

    /// <summary>Bytes in the data block.</summary>
    public Data Bytes(ReadOnlySpan<byte> value)
    {
        Data place = Reserve(value.Length);
        value.CopyTo(data.AsSpan(place.Offset));
        return place;
    }

    /// <summary>An array of pointers to strings, with a NULL behind: argv, envp.</summary>
    public Data Strings(IReadOnlyList<string> values)
    {
        Data array = Reserve(8 * (values.Count + 1));
        for (int i = 0; i < values.Count; i++) PointAt(new Data(array.Offset + 8 * i), FreshString(values[i]));
        return array;
    }

    /// <summary>Makes eight bytes of the data block hold the address of other data.</summary>
    public void PointAt(Data pointer, Data target)
    {
        Unsafe.WriteUnaligned(ref data[pointer.Offset], (long)target.Offset);
        dataPointers.Add(pointer.Offset);
    }

    /// <summary>A system call.</summary>
    /// <param name="number">Its number, of <see cref="SystemCallNumber"/>.</param>
    /// <param name="text">How strace would print it; registers and strings are put in by the format.</param>
    /// <param name="arguments">Up to six arguments.</param>
    public CallHandle Call(int number, [InterpolatedStringHandlerArgument("")] OperationText text, params ReadOnlySpan<Argument> arguments) =>
        Add(OperationCode.Call, number, text, arguments);

    /// <summary>Opens a path beneath a root, never outside (RESOLVE_IN_ROOT), and makes what is missing.</summary>
    /// <param name="root">A directory.</param>
    /// <param name="path">A path of the inside, without <c>..</c>; a leading slash is dropped.</param>
    /// <param name="make">What to make where it is missing.</param>
    /// <param name="mode">Mode of a file that is made.</param>
    /// <param name="name">Name of the register.</param>
    /// <returns>The register that holds its O_PATH descriptor.</returns>
    public Register OpenBeneath(Register root, string path, MakeMissing make, string name, int mode = 0x1a4)
    {
        string relative = path.Trim('/');
        if (relative.Length == 0) relative = ".";
        Register result = NewRegister(name);
        Add(OperationCode.OpenBeneath, 0,
            keepsText ? new OperationText($"openat2({Mark(root)}, {Linux.Text.Strace.Quote(relative)}, {{flags=O_PATH|O_CLOEXEC, resolve=RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS}}, 24)") : default,
            root, FreshString(relative), (int)make, mode).To(result);
        return result;
    }

    /// <summary>Goes on at <paramref name="target"/> unless the descriptor is of a directory.</summary>
    public void JumpUnlessDirectory(Register descriptor, Label target)
    {
        jumps.Add((Count, target));
        Add(OperationCode.JumpUnlessDirectory, 0, keepsText ? new OperationText($"statx({Mark(descriptor)}, \"\", AT_EMPTY_PATH, STATX_TYPE, …)") : default, descriptor);
    }

    /// <summary>Goes on at <paramref name="target"/> unless the descriptor is of a node of this type and number.</summary>
    /// <param name="descriptor">The descriptor; O_PATH will do.</param>
    /// <param name="type">One of <see cref="FileTypes"/>.</param>
    /// <param name="major">Its major number; 0 where the type has none.</param>
    /// <param name="minor">Its minor number.</param>
    /// <param name="target">Where to go on.</param>
    public void JumpUnlessNode(Register descriptor, int type, uint major, uint minor, Label target)
    {
        jumps.Add((Count, target));
        Add(OperationCode.JumpUnlessNode, 0, keepsText ? new OperationText($"statx({Mark(descriptor)}, \"\", AT_EMPTY_PATH, STATX_TYPE, …)") : default, descriptor, type, major, minor);
    }

    /// <summary>Goes on at <paramref name="target"/> unless the descriptor is on a file system of this type.</summary>
    /// <param name="descriptor">The descriptor; O_PATH will do.</param>
    /// <param name="magic">The type's number, statfs(2).</param>
    /// <param name="target">Where to go on.</param>
    public void JumpUnlessFileSystem(Register descriptor, long magic, Label target)
    {
        jumps.Add((Count, target));
        Add(OperationCode.JumpUnlessFileSystem, 0, keepsText ? new OperationText($"fstatfs({Mark(descriptor)}, …)") : default, descriptor, magic);
    }

    /// <summary>Goes on at <paramref name="target"/>.</summary>
    public void Jump(Label target)
    {
        jumps.Add((Count, target));
        Add(OperationCode.Jump, 0, default);
    }

    /// <summary>Places a label here.</summary>
    public void Place(Label label) => label.Index = Count;

    /// <summary>Writes what a register holds into the data block, as 4 or 8 bytes.</summary>
    public void Store(Data place, Register value, int size) => Add(OperationCode.Store, 0, default, place, value, size);

    /// <summary>Sends a descriptor to the host (SCM_RIGHTS, unix(7)) with a message, and waits for its answer.</summary>
    public void SendDescriptor(MessageKind kind, Register descriptor, int number = 0)
    {
        Data header = MessageWithDescriptor((uint)kind | (long)number << 32, out Data passed);
        Store(passed, descriptor, 4);
        Call(SystemCallNumber.Sendmsg, $"sendmsg(<channel>, {{SCM_RIGHTS, [{descriptor}]}}, MSG_NOSIGNAL)", Channel, header, 0x4000);
        Call(SystemCallNumber.Recvfrom, $"", Channel, Reserve(8), 8, 0, 0, 0);
    }

    /// <summary>Receives a descriptor that the host sends after it has been told <see cref="MessageKind.Ready"/>.</summary>
    public Register ReceiveDescriptor(string name)
    {
        Register result = NewRegister(name);
        Data header = MessageWithDescriptor(0, out Data passed);
        Call(SystemCallNumber.Recvmsg, $"recvmsg(<channel>, {{SCM_RIGHTS, [{result}]}}, MSG_CMSG_CLOEXEC)", Channel, header, 0x40000000);
        LoadInto(result, passed);
        return result;
    }

    private void LoadInto(Register register, Data place) => Add(OperationCode.Load, 0, default, place).To(register);

    /// <summary>The register that holds the child's end of the channel to the host.</summary>
    private static Register Channel => new(SharedPage.ChannelRegister);

    /// <summary>Reads four bytes of the data block, such as the kernel has written them, into a register.</summary>
    public Register Load(Data place, int offset, string name)
    {
        Register result = NewRegister(name);
        Add(OperationCode.Load, 0, default, new Data(place.Offset + offset)).To(result);
        return result;
    }

    /// <summary>A register that holds a number, such as a descriptor that the child inherits.</summary>
    public Register Number(int value, string name)
    {
        Register result = NewRegister(name);
        Add(OperationCode.Copy, 0, default, value).To(result);
        return result;
    }

    /// <summary>Copies a register to another.</summary>
    public void Copy(Register from, Register to) => Add(OperationCode.Copy, 0, default, from).To(to);

    /// <summary>Waits until the host has gone, however it ended; then the program goes on.</summary>
    public void AwaitEndOfHost() =>
        Call(SystemCallNumber.Recvfrom, $"recvfrom(<channel>, …, 8, 0, NULL, NULL)", Channel, Reserve(8), 8, 0, 0, 0).Tolerate(Errno.ECONNRESET);

    /// <summary>Ends the child where the host has gone: the channel's other end is closed. Nothing is read from it.</summary>
    public void CheckHost()
    {
        var alive = new Label();
        // MSG_PEEK|MSG_DONTWAIT: nothing there is EAGAIN; the end is 0 bytes.
        Call(SystemCallNumber.Recvfrom, $"recvfrom(<channel>, …, 8, MSG_PEEK|MSG_DONTWAIT, NULL, NULL)", Channel, Reserve(8), 8, 0x42, 0, 0).OnErrorGoTo(alive, Errno.EAGAIN);
        Exit(125);
        Place(alive);
    }

    /// <summary>Tells the host something and waits for its answer.</summary>
    public void Report(MessageKind kind, int number = 0) =>
        Add(OperationCode.Report, 0, keepsText ? new OperationText($"sendto(…) and recvfrom(…) on the channel to the host") : default, (int)kind, number);

    /// <summary>Fails with an error number: an injected fault.</summary>
    public void Fail(Errno error) => Add(OperationCode.Fail, 0, keepsText ? new OperationText($"injected fault") : default, (int)error);

    /// <summary>All signals back to their defaults, all unblocked.</summary>
    public void ResetSignals()
    {
        Add(OperationCode.ResetSignals, 0, keepsText ? new OperationText("rt_sigaction(1…31, {sa_handler=SIG_DFL}, NULL, 8)") : default);
        Call(SystemCallNumber.RtSigprocmask, $"rt_sigprocmask(SIG_SETMASK, [], NULL, 8)", 2, Structure(0UL), 0, 8);
    }

    /// <summary>Checks that the current directory is inside the root (CVE-2024-21626).</summary>
    public void CheckDirectory() => Add(OperationCode.CheckDirectory, 0, keepsText ? new OperationText("getcwd(…, 4096)") : default, Reserve(4096), 4096);

    /// <summary>Clones once more; the maker ends, the clone is a child of the host and goes on. With CLONE_PARENT the exit signal must be 0; it is the maker's.</summary>
    public void Clone(NamespaceFlags namespaces) =>
        Add(OperationCode.Clone, 0, keepsText ? new OperationText($"clone3({{flags=CLONE_PARENT{Behind(namespaces)}, exit_signal=0}}, 88)") : default,
            Structure(new CloneArguments { Flags = (ulong)namespaces | (ulong)CloneFlags.Parent }));

    /// <summary>Clones once more; the maker stays as the first process of the container, reaps its orphans and forwards signals.</summary>
    public void Init() =>
        Add(OperationCode.Init, 0, keepsText ? new OperationText("clone3({flags=0, exit_signal=SIGCHLD}, 88)") : default, Structure(new CloneArguments { ExitSignal = Signal.Child }));

    /// <summary>
    /// Clones a process beside the child, which goes on at <paramref name="clone"/>; the maker stands still until the clone has executed a program or has ended, and then goes on with the
    /// next operation. Until then the channel is the clone's: its failures are told like all others.
    /// </summary>
    /// <param name="clone">Where the clone goes on: it must execute or exit.</param>
    /// <param name="pid">The register that gets its process id, as the maker sees it.</param>
    /// <returns>The register that gets its pidfd.</returns>
    public Register Fork(Label clone, out Register pid)
    {
        Data place = Reserve(4);
        Data arguments = Structure(new CloneArguments { Flags = (ulong)(CloneFlags.PidFd | CloneFlags.Vfork), ExitSignal = Signal.Child });
        PointAt(new Data(arguments.Offset + 8), place);
        pid = NewRegister("process");
        jumps.Add((Count, clone));
        Add(OperationCode.Fork, 0, keepsText ? new OperationText("clone3({flags=CLONE_PIDFD|CLONE_VFORK, exit_signal=SIGCHLD}, 88)") : default, arguments).To(pid);
        Register process = NewRegister("pidfd");
        LoadInto(process, place);
        return process;
    }

    /// <summary>Waits for the end of a process that <see cref="Fork"/> made, and tells the host its wait status as the number of a message.</summary>
    public void ReportEnd(MessageKind kind, Register pid)
    {
        Data status = Reserve(4);
        Call(SystemCallNumber.Wait4, $"wait4({pid}, …, 0, NULL)", pid, status, 0, 0);
        Register ended = NewRegister("wait status");
        LoadInto(ended, status);
        Add(OperationCode.Report, 0, keepsText ? new OperationText("sendto(…) and recvfrom(…) on the channel to the host") : default, (int)kind, ended);
    }

    /// <summary>Executes the first of <paramref name="paths"/> that can be, as execvp(3) does.</summary>
    public void Execute(IReadOnlyList<string> paths, IReadOnlyList<string> arguments, IReadOnlyList<string> environment) =>
        Add(OperationCode.Execute, 0,
            keepsText ? new OperationText($"execve({Linux.Text.Strace.Quote(paths[0])}, [{string.Join(", ", arguments.Select(Linux.Text.Strace.Quote))}], {environment.Count} variables)") : default,
            Strings(paths), paths.Count, Strings(arguments), Strings(environment));

    /// <summary>
    /// Announces a seccomp filter whose descriptor the host is to take out of this process (pidfd_getfd(2)): a message with the number that it will have and the address at which
    /// the child will look for the host's word, and an answer. The filter must be installed with the very next call, and <see cref="AwaitTaken"/> follow it.
    /// </summary>
    /// <returns>The place where the child will look.</returns>
    public Data AnnounceListener()
    {
        Data word = Structure(0L);
        Data message = Bytes(MemoryMarshal.AsBytes<int>([(int)MessageKind.Seccomp, 0, 0, 0]));
        PointAt(new Data(message.Offset + 8), word);
        Register number = NewRegister("seccomp listener");
        // The lowest free number, which is the one that the kernel will take: F_DUPFD_CLOEXEC.
        Call(SystemCallNumber.Fcntl, $"fcntl(<channel>, F_DUPFD_CLOEXEC, 0)", Channel, 1030, 0).To(number);
        Call(SystemCallNumber.Close, $"close({number})", number);
        Store(new Data(message.Offset + 4), number, 4);
        Call(SystemCallNumber.Sendto, $"sendto(<channel>, …, 16, MSG_NOSIGNAL, NULL, 0)", Channel, message, 16, 0x4000, 0, 0);
        Call(SystemCallNumber.Recvfrom, $"recvfrom(<channel>, …, 8, 0, NULL, NULL)", Channel, Reserve(8), 8, 0, 0, 0);
        return word;
    }

    /// <summary>Waits, without a system call, until the host has taken the descriptor and has said so by writing at <paramref name="word"/>.</summary>
    public void AwaitTaken(Data word) => Add(OperationCode.Spin, 0, keepsText ? new OperationText("") : default, word);

    /// <summary>Lets go of the host, which may end; whoever connects to the socket is the host from then on, and gets the messages.</summary>
    /// <param name="listener">A listening SOCK_SEQPACKET socket that the child keeps.</param>
    public void Accept(int listener) => Add(OperationCode.Accept, 0, keepsText ? new OperationText($"accept4({Linux.Text.Strace.Descriptor(listener)}, NULL, NULL, SOCK_CLOEXEC)") : default, listener);

    /// <summary>True where a child can let go of the program's file: in a native program.</summary>
    public static bool CanLeaveImage => ProgramImage.CanBeLeft;

    /// <summary>
    /// Lets go of this program's file: from here on nothing of it is mapped in the child but a copy of the interpreter, and /proc/self/exe is an empty file. To be used once, where
    /// <see cref="CanLeaveImage"/>.
    /// </summary>
    /// <exception cref="SystemCallException">There can be no such file.</exception>
    public void LeaveImage()
    {
        const int MayMoveAndFixed = 3, PrSetMm = 35, PrSetMmExeFile = 13, PrSetMmMap = 14; // MREMAP_MAYMOVE|MREMAP_FIXED
        ProgramImage image = ProgramImage.Own;
        Kept = image.Blank.Number;
        nint length = image.CodeEnd - image.CodeStart;
        Call(SystemCallNumber.Mremap, $"mremap(<copy of the interpreter>, {length}, {length}, MREMAP_MAYMOVE|MREMAP_FIXED, <interpreter>)", image.Copy, length, length, MayMoveAndFixed, image.CodeStart);
        Call(SystemCallNumber.Munmap, $"munmap(<program before the interpreter>, {image.CodeStart - image.Start})", image.Start, image.CodeStart - image.Start);
        Call(SystemCallNumber.Munmap, $"munmap(<program behind the interpreter>, {image.End - image.CodeEnd})", image.CodeEnd, image.End - image.CodeEnd);
        // The whole process may do the first; root of a user namespace only the second, which sets all that the kernel remembers of a program's memory: it goes at execve.
        Label whole = new(), done = new();
        Call(SystemCallNumber.Prctl, $"prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, <empty file>, 0, 0)", PrSetMm, PrSetMmExeFile, Kept, 0, 0).OnErrorGoTo(whole, Errno.EPERM);
        Jump(done);
        Place(whole);
        Call(SystemCallNumber.Prctl, $"prctl(PR_SET_MM, PR_SET_MM_MAP, {{exe_fd=<empty file>}}, 104, 0)", PrSetMm, PrSetMmMap, MemoryMap(Kept), 104, 0);
        Place(done);
        Call(SystemCallNumber.Close, $"close(<empty file>)", Kept);
    }

    // struct prctl_mm_map (linux/prctl.h): eleven addresses, of which every second is the end of what begins with the one before, but for the start of the stack; then the auxiliary vector, its
    // length, the descriptor. What ps shows of the child is the arguments' text.
    private Data MemoryMap(int executable)
    {
        const string Name = "littlebox";
        const int Stack = 6, Addresses = 11;
        Data name = FreshString(Name), map = Reserve(104), end = new(name.Offset + Name.Length + 1);
        for (int i = 0; i < Addresses; i++) PointAt(new Data(map.Offset + 8 * i), i == Stack || (i < Stack ? i % 2 == 0 : i % 2 == 1) ? name : end);
        Unsafe.WriteUnaligned(ref data[map.Offset + 100], executable);
        return map;
    }

    /// <summary>A descriptor of the process that the program uses, or -1.</summary>
    internal int Kept { get; private set; } = -1;

    /// <summary>Ends the child.</summary>
    public void Exit(int code) => Add(OperationCode.Exit, 0, keepsText ? new OperationText($"exit_group({code})") : default, code);

    /// <summary>The operations with their texts, for people: step, text with the names of registers in angle brackets.</summary>
    public IEnumerable<(int Step, string Text)> Describe()
    {
        if (!keepsText) throw new InvalidOperationException("this program was built without texts");
        for (int i = 0; i < Count; i++)
        {
            if (texts[i].Length > 0) yield return (operations[i].Step, OperationText.Resolve(texts[i], register => $"<{registerNames[register]}>"));
        }
    }

    /// <summary>The text of an operation with descriptors as <paramref name="describe"/> prints them, given the index of a register.</summary>
    public string Describe(int operation, Func<int, string> describe) => OperationText.Resolve(texts[operation], describe);

    /// <summary>The step that an operation belongs to.</summary>
    public int StepOf(int operation) => operations[operation].Step;

    // struct msghdr with one struct iovec of eight bytes and one struct cmsghdr with a descriptor.
    private Data MessageWithDescriptor(long message, out Data passed)
    {
        Data payload = Structure(message);
        Data vector = Bytes(MemoryMarshal.AsBytes<long>([0, 8]));
        PointAt(vector, payload);
        Data control = Bytes(MemoryMarshal.AsBytes<int>([20, 0, 1, 1, 0, 0])); // length, SOL_SOCKET, SCM_RIGHTS, the descriptor
        passed = new Data(control.Offset + 16);
        Data header = Structure(new MessageHeader { VectorCount = 1, ControlLength = 24 });
        PointAt(new Data(header.Offset + 16), vector);
        PointAt(new Data(header.Offset + 32), control);
        return header;
    }

    internal OperationList Operations => operations;

    internal ReadOnlySpan<byte> DataBlock => data.AsSpan(0, dataLength);

    /// <summary>Puts addresses in the place of offsets, once it is known where the data will lie.</summary>
    internal unsafe void Relocate(Operation* placed, byte* block)
    {
        foreach ((int operation, int argument) in dataArguments) placed[operation].Arguments[argument] += (long)block;
        foreach (int pointer in dataPointers) *(long*)(block + pointer) += (long)block;
        foreach ((int operation, Label label) in jumps) placed[operation].Target = label.Index;
    }

    internal void JumpFrom(int operation, Label label) => jumps.Add((operation, label));

    internal unsafe void Tolerate(int operation, ReadOnlySpan<Errno> errors)
    {
        if (errors.Length > 4) throw new ArgumentException("an operation tolerates four errors at most", nameof(errors));
        ref Operation target = ref operations[operation];
        for (int i = 0; i < errors.Length; i++) target.Tolerated[i] = (ushort)errors[i];
        target.Target = operation + 1;
    }

    internal void SetResult(int operation, Register register) => operations[operation].Result = register.Index;

    internal static string Mark(Register register) => OperationText.Mark(register);

    private static string Behind(NamespaceFlags namespaces) => namespaces == NamespaceFlags.None ? "" : "|" + CallFlags.Of(namespaces);

    private unsafe CallHandle Add(OperationCode code, int number, OperationText text, params ReadOnlySpan<Argument> arguments)
    {
        if (arguments.Length > 6) throw new ArgumentException("an operation has six arguments at most", nameof(arguments));
        int index = Count;
        ref Operation operation = ref operations.Add();
        (operation.Code, operation.Number, operation.Result, operation.Step) = (code, number, -1, Step);
        for (int i = 0; i < arguments.Length; i++)
        {
            operation.Arguments[i] = arguments[i].Value;
            if (arguments[i].Kind == ArgumentKind.Register) operation.RegisterMask |= 1 << i;
            else if (arguments[i].Kind == ArgumentKind.Data) dataArguments.Add((index, i));
        }
        if (keepsText) texts.Add(text.Build());
        return new CallHandle(this, index);
    }
}
