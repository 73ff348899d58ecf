using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Steps;

namespace Littlebox.Runtime.Oci;

/// <summary>
/// What the child keeps open until the container is made: a few descriptors for each mount. Where the document has more of them than the caller may have open files, the limit is raised
/// meanwhile; before the child waits for <c>start</c> all of them are closed.
/// </summary>
internal sealed class OciOpenFiles
{
    private readonly OciInside inside;
    private readonly ulong soft, hard, needed;

    /// <summary>Counts.</summary>
    public OciOpenFiles(OciInside inside)
    {
        this.inside = inside;
        Spec spec = inside.Spec;
        needed = 200 + 4 * (ulong)spec.Mounts.Count + 3 * (ulong)(spec.Linux.MaskedPaths.Count + spec.Linux.ReadonlyPaths.Count + spec.Linux.Devices.Count + spec.Linux.Sysctl.Count);
        (soft, hard) = Kernel.LimitOf((int)RlimitType.OpenFiles);
    }

    /// <summary>Raises the limit, where that must be.</summary>
    public void Raise()
    {
        // Where the caller has fewer than a usual container needs, that is an error of the call which fails.
        if (needed <= soft || needed < 500) return;
        inside.Add("Raise the limit of open files", "this document has many mounts or paths, and each is held open until the container is made", null, program =>
        {
            var forbidden = new Label();
            var raised = new Label();
            Set(program, needed, Math.Max(needed, hard)).OnErrorGoTo(forbidden, Errno.EPERM);
            program.Jump(raised);
            program.Place(forbidden);
            // Who may not raise the hard limit has what it allows: it may be enough.
            Set(program, Math.Min(needed, hard), hard);
            program.Place(raised);
        });
    }

    /// <summary>Puts the limit back to the caller's: it is inherited by the program where the document names none.</summary>
    public void PutBack(BootBuilder program)
    {
        if (needed > soft && needed >= 500) Set(program, soft, hard);
    }

    /// <summary>Closes what is not needed any more, the channel to the runtime too, which has had its last message.</summary>
    /// <param name="program">The program.</param>
    /// <param name="preserved">How many descriptors from 3 on are the program's.</param>
    /// <param name="kept">The one that is needed still.</param>
    public static void Close(BootBuilder program, int preserved, int kept)
    {
        int first = 3 + preserved;
        if (kept > first) program.Call(SystemCallNumber.CloseRange, $"close_range({first}, {kept - 1}, 0)", first, kept - 1, 0);
        program.Call(SystemCallNumber.CloseRange, $"close_range({kept + 1}, 4294967295, 0)", kept + 1, uint.MaxValue, 0);
    }

    private static CallHandle Set(BootBuilder program, ulong soft, ulong hard)
    {
        Data value = program.Bytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<ulong>([soft, hard]));
        return program.Call(SystemCallNumber.Prlimit64, $"prlimit64(0, RLIMIT_NOFILE, {new Words($"{{rlim_cur={soft}, rlim_max={hard}}}")}, NULL)", 0, (int)RlimitType.OpenFiles, value, 0);
    }
}
