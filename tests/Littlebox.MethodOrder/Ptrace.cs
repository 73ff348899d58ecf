using Littlebox.Linux;

namespace Littlebox.MethodOrder;

/// <summary>ptrace(2) and wait4(2) on x86_64. A request is answered to the thread alone that traces the process: it must be the one that started it.</summary>
internal static unsafe class Ptrace
{
    /// <summary>The number of ptrace(2), asm/unistd_64.h.</summary>
    public const int Number = 101;

    // sys/ptrace.h, sys/wait.h; the place of rip in user_regs_struct, sys/user.h
    private const int PeekUser = 3, PokeUser = 6, Continue = 7, SetOptions = 0x4200, TraceClone = 8, ExitKill = 0x100000, AllKinds = 0x40000000, InstructionPointer = 16 * 8;

    /// <summary>Follows the threads of a process that stands still, and lets it die with us.</summary>
    public static void FollowThreads(int pid) =>
        Kernel.Check(SystemCall.Invoke(Number, SetOptions, pid, 0, TraceClone | ExitKill), $"ptrace(PTRACE_SETOPTIONS, {pid}, NULL, PTRACE_O_TRACECLONE|PTRACE_O_EXITKILL)");

    /// <summary>Lets a thread go on, with a signal or with 0. One that has been killed meanwhile is left alone: its end is what is waited for next.</summary>
    public static void Resume(int thread, int signal) => SystemCall.Invoke(Number, Continue, thread, 0, signal);

    /// <summary>Where a thread that stands still goes on.</summary>
    public static long GetInstructionPointer(int thread)
    {
        long value = 0;
        Kernel.Check(SystemCall.Invoke(Number, PeekUser, thread, InstructionPointer, (nint)(&value)), $"ptrace(PTRACE_PEEKUSER, {thread}, …)");
        return value;
    }

    /// <summary>Says where a thread that stands still goes on.</summary>
    public static void SetInstructionPointer(int thread, long value) =>
        Kernel.Check(SystemCall.Invoke(Number, PokeUser, thread, InstructionPointer, (nint)value), $"ptrace(PTRACE_POKEUSER, {thread}, …)");

    /// <summary>Waits until any thread of ours has stopped or ended.</summary>
    public static int Wait(out int status)
    {
        int raw = 0;
        nint thread = Kernel.Check(SystemCall.Invoke(SystemCallNumber.Wait4, -1, (nint)(&raw), AllKinds, 0), $"wait4(-1, …, __WALL, NULL)");
        status = raw;
        return (int)thread;
    }
}
