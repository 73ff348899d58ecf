using System.Runtime.CompilerServices;
using Littlebox.Linux;

namespace Littlebox.Boot;

/// <summary>
/// Runs a boot program in a cloned child. This is the one room of the house where the .NET runtime is not there.
/// </summary>
/// <remarks>
/// After the clone the child has one thread, in a copy of a process whose other threads (finalizer, collector) do not exist any more, whatever
/// locks they held. So here: no allocation, no exception, no lock, no static field, no P/Invoke, no virtual or generic call, no call at all but
/// through the managed function pointer to our own system call code, for which the compiler emits neither a transition nor a GC poll. One method,
/// so that the JIT has compiled and bound all of it before the clone. tests/Littlebox.Boot.Tests reads the compiled method to keep it so.
/// </remarks>
internal static unsafe class Interpreter
{
    /// <summary>
    /// Clones as the head says. Returns the pid, or <c>-errno</c>, in the parent; the child never returns. All signals are blocked around the clone:
    /// a signal for the runtime must not reach the child.
    /// </summary>
    // Without SkipLocalsInit the compiler clears the stack by a call of a helper of the runtime.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static nint Run(Head* head)
    {
        var call = (delegate*<nint, nint, nint, nint, nint, nint, nint, nint>)head->SystemCall;
        ulong all = ulong.MaxValue, before = 0;
        call(head->RtSigprocmask, 2, (nint)(&all), (nint)(&before), 8, 0, 0);
        nint pid = call(head->Clone3, (nint)(&head->Clone), sizeof(CloneArguments), 0, 0, 0, 0);
        if (pid != 0)
        {
            call(head->RtSigprocmask, 2, (nint)(&before), 0, 8, 0, 0);
            return pid;
        }

        // From here on we are the child.
        SharedPage* shared = head->Shared;
        long* registers = shared->Values;
        long* arguments = stackalloc long[6];
        long* how = stackalloc long[3];
        int* message = stackalloc int[5];
        byte* buffer = stackalloc byte[256];
        long* time = stackalloc long[2];
        int index = 0;
        while (true)
        {
            Operation* operation = head->Operations + index;
            shared->Current = index;
            if (head->Traced != 0 && index < SharedPage.Times)
            {
                call(head->ClockGettime, 1, (nint)time, 0, 0, 0, 0);
                shared->Began[index] = time[0] * 1_000_000_000 + time[1];
            }
            for (int i = 0; i < 6; i++)
            {
                long value = operation->Arguments[i];
                arguments[i] = (operation->RegisterMask & (1 << i)) != 0 ? registers[value] : value;
            }

            nint result = 0;
            switch (operation->Code)
            {
                case OperationCode.Call:
                    do result = call(operation->Number, (nint)arguments[0], (nint)arguments[1], (nint)arguments[2], (nint)arguments[3], (nint)arguments[4], (nint)arguments[5]);
                    while (result == -(nint)(int)Errno.EINTR);
                    break;

                // (root, path, what is made: 0 nothing, 1 directory, 2 file, mode). The path is in our copy of the block, so we may cut it.
                case OperationCode.OpenBeneath:
                {
                    nint root = (nint)arguments[0];
                    byte* path = (byte*)arguments[1];
                    long make = arguments[2];
                    how[0] = head->OpenPath;
                    how[1] = 0;
                    how[2] = (long)(ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);
                    do result = call(head->Openat2, root, (nint)path, (nint)how, 24, 0, 0);
                    while (result == -(nint)(int)Errno.EAGAIN);
                    if (result != -(nint)(int)Errno.ENOENT || make == 0) break;

                    // Something is missing: one component at a time, by descriptor (CVE-2024-45310).
                    nint current = root;
                    byte* start = path;
                    while (true)
                    {
                        byte* end = start;
                        while (*end != 0 && *end != (byte)'/') end++;
                        byte kept = *end;
                        *end = 0;
                        long directory = kept != 0 || make == 1 ? head->OpenDirectory : 0;
                        how[0] = head->OpenPath | directory;
                        how[2] = (long)(ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);
                        do result = call(head->Openat2, root, (nint)path, (nint)how, 24, 0, 0);
                        while (result == -(nint)(int)Errno.EAGAIN);
                        if (result == -(nint)(int)Errno.ENOENT)
                        {
                            result = directory != 0
                                ? call(head->Mkdirat, current, (nint)start, (nint)0x1ed, 0, 0, 0)
                                : call(head->Mknodat, current, (nint)start, (nint)(0x8000 | arguments[3]), 0, 0, 0);
                            if (result >= 0 || result == -(nint)(int)Errno.EEXIST)
                            {
                                how[0] = head->OpenPath | directory | head->OpenNoFollow;
                                how[2] = (long)(ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks);
                                result = call(head->Openat2, current, (nint)start, (nint)how, 24, 0, 0);
                            }
                        }
                        *end = kept;
                        if (current != root) call(head->Close, current, 0, 0, 0, 0, 0);
                        if (result < 0 || kept == 0) break;
                        current = result;
                        start = end + 1;
                    }
                    break;
                }

                // (descriptor): statx, AT_EMPTY_PATH, STATX_TYPE; stx_mode is at byte 28.
                case OperationCode.JumpUnlessDirectory:
                    buffer[0] = 0;
                    time[0] = 0;
                    result = call(head->Statx, (nint)arguments[0], (nint)time, 0x1000, 1, (nint)buffer, 0);
                    if (result < 0) break;
                    if ((*(ushort*)(buffer + 28) & FileTypes.Mask) == FileTypes.Directory) break;
                    index = operation->Target;
                    continue;

                // (descriptor, S_IF…, major, minor): statx, STATX_TYPE; stx_rdev_major and stx_rdev_minor, which are always there, are at bytes 128 and 132.
                case OperationCode.JumpUnlessNode:
                    buffer[0] = 0;
                    time[0] = 0;
                    result = call(head->Statx, (nint)arguments[0], (nint)time, 0x1000, 1, (nint)buffer, 0);
                    if (result < 0) break;
                    if ((*(ushort*)(buffer + 28) & FileTypes.Mask) == arguments[1] && *(uint*)(buffer + 128) == arguments[2] && *(uint*)(buffer + 132) == arguments[3]) break;
                    index = operation->Target;
                    continue;

                // (descriptor, magic number): fstatfs; f_type comes first.
                case OperationCode.JumpUnlessFileSystem:
                    result = call(head->Fstatfs, (nint)arguments[0], (nint)buffer, 0, 0, 0, 0);
                    if (result < 0 || *(long*)buffer == arguments[1]) break;
                    index = operation->Target;
                    continue;

                case OperationCode.Jump:
                    index = operation->Target;
                    continue;

                // (address, value, size in bytes)
                case OperationCode.Store:
                    if (arguments[2] == 4) *(int*)arguments[0] = (int)arguments[1];
                    else *(long*)arguments[0] = arguments[1];
                    break;

                // (address)
                case OperationCode.Load:
                    result = *(int*)arguments[0];
                    break;

                // (value)
                case OperationCode.Copy:
                    result = (nint)arguments[0];
                    break;

                // (kind, number)
                case OperationCode.Report:
                    message[0] = (int)arguments[0];
                    message[1] = (int)arguments[1];
                    call(head->Sendto, head->Channel, (nint)message, 8, 0x4000, 0, 0);
                    // No answer: the host has died, and so must we.
                    if (call(head->Recvfrom, head->Channel, (nint)message, 8, 0, 0, 0) <= 0) call(head->ExitGroup, 125, 0, 0, 0, 0, 0);
                    break;

                case OperationCode.Fail:
                    result = -(nint)arguments[0];
                    break;

                // struct kernel_sigaction of zeros: SIG_DFL. Handlers go at execve anyway; what stays is what is ignored (.NET ignores SIGPIPE).
                // Those of SIGKILL and SIGSTOP cannot be set, and need not be.
                case OperationCode.ResetSignals:
                    for (int i = 0; i < 32; i++) buffer[i] = 0;
                    for (int i = 1; i < 32; i++) call(head->RtSigaction, i, (nint)buffer, 0, 8, 0, 0);
                    break;

                // A directory outside the root has a name that begins with "(unreachable)" (CVE-2024-21626).
                case OperationCode.CheckDirectory:
                {
                    byte* name = (byte*)arguments[0];
                    result = call(head->Getcwd, (nint)name, (nint)arguments[1], 0, 0, 0, 0);
                    if (result >= 0) result = *name == (byte)'/' ? 0 : -(nint)(int)Errno.EXDEV;
                    break;
                }

                // (address of clone_args): the clone is the child of our parent (CLONE_PARENT), who reads its pid from the shared page.
                case OperationCode.Clone:
                    result = call(head->Clone3, (nint)arguments[0], sizeof(CloneArguments), 0, 0, 0, 0);
                    if (result <= 0) break;
                    shared->Pid = (int)result;
                    call(head->ExitGroup, 0, 0, 0, 0, 0, 0);
                    break;

                // (address of clone_args)
                case OperationCode.Init:
                {
                    result = call(head->Clone3, (nint)arguments[0], sizeof(CloneArguments), 0, 0, 0, 0);
                    if (result <= 0) break;
                    nint main = result;
                    call(head->CloseRange, 0, int.MaxValue, 0, 0, 0, 0);
                    while (true)
                    {
                        // All signals are blocked since before the first clone; we fetch them one by one.
                        nint signal = call(head->RtSigtimedwait, (nint)(&all), 0, 0, 8, 0, 0);
                        if (signal != Signal.Child)
                        {
                            if (signal > 0) call(head->Kill, main, signal, 0, 0, 0, 0);
                            continue;
                        }
                        while (true)
                        {
                            int status = 0;
                            nint ended = call(head->Wait4, -1, (nint)(&status), 1, 0, 0, 0);
                            if (ended <= 0) break;
                            if (ended != main) continue;
                            call(head->ExitGroup, (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f), 0, 0, 0, 0, 0);
                        }
                    }
                }

                // (address of clone_args): with CLONE_VFORK and without CLONE_VM; while the clone goes on here, channel and registers are its own, as the maker stands still.
                case OperationCode.Fork:
                    result = call(head->Clone3, (nint)arguments[0], sizeof(CloneArguments), 0, 0, 0, 0);
                    if (result != 0) break;
                    index = operation->Target;
                    continue;

                // (listening socket): the process that made us may end now; who connects knows the container's directory, which is root's own.
                case OperationCode.Accept:
                    call(head->Close, head->Channel, 0, 0, 0, 0, 0);
                    do result = call(head->Accept4, (nint)arguments[0], 0, 0, 0x80000, 0, 0);
                    while (result == -(nint)(int)Errno.EINTR);
                    if (result < 0) call(head->ExitGroup, 125, 0, 0, 0, 0, 0);
                    head->Channel = (int)result;
                    registers[SharedPage.ChannelRegister] = result;
                    break;

                // (address): no system call, since the filter that has just been installed may ask somebody who has yet to get its descriptor. Not for ever: the host may have died.
                case OperationCode.Spin:
                {
                    HostWord* word = (HostWord*)arguments[0];
                    for (long turns = 20_000_000_000; word->Written == 0; turns--)
                    {
                        if (turns == 0) call(head->ExitGroup, 125, 0, 0, 0, 0, 0);
                    }
                    break;
                }

                // (array of paths, how many, argv, envp): as execvp(3): a file that is missing or forbidden is not the end, but what is forbidden is remembered.
                case OperationCode.Execute:
                {
                    nint* paths = (nint*)arguments[0];
                    nint error = -(nint)(int)Errno.ENOENT;
                    for (int i = 0; i < (int)arguments[1]; i++)
                    {
                        result = call(head->Execve, paths[i], (nint)arguments[2], (nint)arguments[3], 0, 0, 0);
                        bool missing = result == -(nint)(int)Errno.ENOENT || result == -(nint)(int)Errno.ENOTDIR;
                        if (missing && error != -(nint)(int)Errno.ENOENT) continue;
                        // One path only is a command with a slash: its error counts, whatever it is.
                        if (!missing || arguments[1] == 1)
                        {
                            error = result;
                            shared->Candidate = i;
                        }
                        if (!missing && result != -(nint)(int)Errno.EACCES) break;
                    }
                    result = error;
                    break;
                }

                case OperationCode.Exit:
                    call(head->ExitGroup, (nint)arguments[0], 0, 0, 0, 0, 0);
                    break;
            }

            if (result is < 0 and >= -4095)
            {
                int errno = (int)-result;
                if (errno == operation->Tolerated[0] || errno == operation->Tolerated[1] || errno == operation->Tolerated[2] || errno == operation->Tolerated[3])
                {
                    index = operation->Target;
                    continue;
                }
                shared->Error = errno;
                message[0] = (int)MessageKind.Failed;
                message[1] = index;
                message[2] = errno;
                message[3] = head->Last - index;
                message[4] = head->Operations[head->Last].Step - operation->Step;
                call(head->Sendto, head->Channel, (nint)message, 20, 0x4000, 0, 0);
                // The host looks at what we see (our root, our descriptors) before it answers.
                call(head->Recvfrom, head->Channel, (nint)message, 8, 0, 0, 0);
                call(head->ExitGroup, 125, 0, 0, 0, 0, 0);
            }
            if (operation->Result >= 0) registers[operation->Result] = result;
            index++;
        }
    }
}
