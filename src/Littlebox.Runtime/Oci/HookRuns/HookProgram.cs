using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci.HookRuns;

/// <summary>The operations of a process that becomes a hook: the same for those that the runtime starts and for those that the child starts beside itself.</summary>
internal static class HookProgram
{
    private const int PrSetPdeathsig = 1, PrSetDumpable = 4, CloseRangeCloexec = 4;

    /// <summary>A process group of its own, so that all of it can be ended; it ends with whoever waits for it; streams, directory, signals.</summary>
    /// <param name="program">Where to add the operations.</param>
    /// <param name="input">The descriptor that it reads the state from.</param>
    /// <param name="output">The descriptor that it writes its output and its errors to.</param>
    /// <param name="directory">Its directory; one that has gone leaves it where it is.</param>
    public static void Prepare(BootBuilder program, Argument input, Argument output, string directory)
    {
        program.Call(SystemCallNumber.Prctl, $"prctl(PR_SET_PDEATHSIG, SIGKILL)", PrSetPdeathsig, Signal.Kill);
        program.Call(SystemCallNumber.Setpgid, $"setpgid(0, 0)", 0, 0);
        // Until execve its executable is ours: nobody in the container gets hold of that through /proc (CVE-2019-5736).
        program.Call(SystemCallNumber.Prctl, $"prctl(PR_SET_DUMPABLE, 0)", PrSetDumpable, 0);
        program.Call(SystemCallNumber.Dup3, $"dup3(<state>, 0, 0)", input, 0, 0);
        program.Call(SystemCallNumber.Dup3, $"dup3(<output>, 1, 0)", output, 1, 0);
        program.Call(SystemCallNumber.Dup3, $"dup3(<output>, 2, 0)", output, 2, 0);
        program.Call(SystemCallNumber.CloseRange, $"close_range(3, 4294967295, CLOSE_RANGE_CLOEXEC)", 3, uint.MaxValue, CloseRangeCloexec);
        program.Call(SystemCallNumber.Chdir, $"chdir({directory})", program.String(directory)).Tolerate(Errno.ENOENT, Errno.EACCES, Errno.ENOTDIR);
        program.Call(SystemCallNumber.Umask, $"umask(022)", 0x12);
        program.ResetSignals();
    }

    /// <summary>The hook's own program, with the environment of config.json and nothing else (CVE-2025-23266).</summary>
    public static void Execute(BootBuilder program, Hook hook) => program.Execute([hook.Path], hook.Args is [] ? [hook.Path] : hook.Args, hook.Env);
}
