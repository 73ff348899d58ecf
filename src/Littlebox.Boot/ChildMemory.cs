using Littlebox.Linux;

namespace Littlebox.Boot;

/// <summary>
/// What of this process's memory a child gets. A clone copies the tables of all pages, and marks each as shared: then both sides pay at the next write. A child that runs a boot program needs its
/// program, the interpreter and its stack; from all else of a process that is ours alone the clone is kept (MADV_DONTFORK of madvise(2)), which makes it quicker, and leaves
/// the container's first process nothing of the host's memory but that stack, with what the host has had there.
/// </summary>
public static unsafe class ChildMemory
{
    private const int DontFork = 10, DoFork = 11; // MADV_DONTFORK, MADV_DOFORK

    // Less than what the kernel leaves free below the main thread's stack (mmap_base: 128 MiB at least), and more than what of the stack is in use.
    private const nint BelowStack = 64 << 20;

    /// <summary>
    /// True in a program that knows that nothing in its process forks but <see cref="BootChild"/> (a child of fork(2) would find nothing of its memory), and that it lives for a few children
    /// only: what belonged to them is left to its end. To be set before the first one. Does nothing to a clone where the code is made as it runs: a child's code lies among the runtime's then.
    /// </summary>
    public static bool IsOursAlone { get; set; }

    // Later mappings are copied until they are left out here: those of the child that is about to be cloned, and the heap as it has grown.
    internal static void LeaveOut(ReadOnlySpan<(nint Start, nint Length)> needed)
    {
        if (!IsOursAlone || !ProgramImage.CanBeLeft) return;
        byte here = 0;
        (nint start, nint end) = ProgramImage.Code;
        // The kernel says ENOMEM where there are gaps between mappings, and does the rest.
        Advise(0, start, DontFork);
        Advise(end, ((nint)(&here) & ~(Machine.PageSize - 1)) - BelowStack - end, DontFork);
        foreach ((nint first, nint length) in needed) Advise(first, length, DoFork);
        (nint copy, nint size) = ProgramImage.MadeCopy;
        if (size > 0) Advise(copy, size, DoFork);
        Advise(SystemCall.Raw & ~(Machine.PageSize - 1), Machine.PageSize, DoFork);
        // The kernel writes there when it moves a thread to another processor (rseq(2)), and ends who has it not.
        Advise((ProgramMemory.OfThread & ~(Machine.PageSize - 1)) - Machine.PageSize, 3 * Machine.PageSize, DoFork);
    }

    private static void Advise(nint start, nint length, int advice) => SystemCall.Invoke(SystemCallNumber.Madvise, start, length, advice);
}
