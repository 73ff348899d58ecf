using System.Globalization;
using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci.HookRuns;

/// <summary>Waits for a hook's end, no longer than it may take; what it leaves of itself in its process group after its time is killed with it.</summary>
internal static class HookWait
{
    /// <summary>Waits.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="pidfd">Its process, which nobody reaps before this returns.</param>
    /// <param name="container">A pidfd of the container's first process, without which the hook is for nothing; or -1.</param>
    /// <returns>False where its time was up, or the container has ended, and it has been killed.</returns>
    public static bool Ended(Hook hook, int pidfd, int container = -1)
    {
        Span<PollDescriptor> process = [new PollDescriptor { Descriptor = pidfd, Events = PollEvents.Readable }, new PollDescriptor { Descriptor = container, Events = PollEvents.Readable }];
        long end = Environment.TickCount64 + (hook.Timeout ?? 0) * 1000L;
        while (true)
        {
            long left = end - Environment.TickCount64;
            if (hook.Timeout is not null && left <= 0) break;
            if (Kernel.Poll(process, hook.Timeout is null ? -1 : (int)Math.Min(left, int.MaxValue)) <= 0) continue;
            if (process[0].Returned != PollEvents.None) return true;
            break;
        }
        // Not reaped yet, so its number is its own, and that of its group.
        if (Pid(pidfd) is { } pid) Kernel.TryKill(-pid, Signal.Kill);
        Kernel.TryPidfdSendSignal(pidfd, Signal.Kill);
        while (Kernel.Poll(process[..1]) == 0)
        {
        }
        return false;
    }

    // The process id as this process sees it (proc_pid_fdinfo(5)); -1 stands for one that cannot be seen from here.
    private static int? Pid(int pidfd)
    {
        if (SmallFile.TryReadText(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{pidfd}"), 4096) is not { } text) return null;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("Pid:", StringComparison.Ordinal) && int.TryParse(line[4..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out int pid) && pid > 1) return pid;
        }
        return null;
    }
}
