using System.Runtime.InteropServices;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>When and where a process runs, and as what (config.md, Linux Process: scheduler, ioPriority, execCPUAffinity; config-linux.md, Personality, Memory Policy).</summary>
internal static class OciSchedulingSteps
{
    private const int ClassShift = 13; // IOPRIO_CLASS_SHIFT
    private const int WhoProcess = 1; // IOPRIO_WHO_PROCESS

    /// <summary>The processors for the time before the process is in its cgroups.</summary>
    public static void InitialAffinity(OciInside inside, Process process, string pointer)
    {
        if (process.ExecCPUAffinity?.Initial is { Length: > 0 } list) Affinity(inside, list, pointer + "/execCPUAffinity/initial");
    }

    /// <summary>The processors it keeps. Where the document does not say, all: those of the caller are the caller's affair.</summary>
    public static void FinalAffinity(OciInside inside, Process process, string pointer)
    {
        if (process.ExecCPUAffinity?.Final is { Length: > 0 } list) Affinity(inside, list, pointer + "/execCPUAffinity/final");
        else if (process.ExecCPUAffinity?.Initial is not { Length: > 0 }) AnyProcessor(inside);
    }

    /// <summary>Frees the process from the processors that the caller is bound to; the cpuset of its cgroup stays what it is.</summary>
    public static void AnyProcessor(OciInside inside) => inside.Add("Take any processor", "an affinity of the caller's is the caller's affair; the kernel leaves of it what the cpuset allows", null,
        static program =>
        {
            byte[] all = new byte[IndexList.Most / 8];
            Array.Fill(all, byte.MaxValue);
            program.Call(SystemCallNumber.SchedSetaffinity, $"sched_setaffinity(0, {all.Length}, [all])", 0, all.Length, program.Bytes(all)).Tolerate(Errno.EINVAL, Errno.EPERM);
        });

    /// <summary>Scheduler, priorities, personality and memory: late, so that our own steps are not slowed down, and before the rights go with the user.</summary>
    public static void Add(OciInside inside, Process process)
    {
        if (process.Scheduler is { } scheduler) Schedule(inside, scheduler);
        if (process.IOPriority is { } priority)
        {
            inside.Add("Set the priority of input and output", "counts where the disk's scheduler has priorities (bfq, mq-deadline)", "/process/ioPriority",
                program => program.Call(SystemCallNumber.IoprioSet, $"ioprio_set(IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE({(int)priority.Class}, {priority.Priority}))", WhoProcess, 0, (int)priority.Class << ClassShift | priority.Priority),
                static error => error is Errno.EPERM ? "the real-time class needs CAP_SYS_NICE or CAP_SYS_ADMIN of the host" : null);
        }
        if (inside.Spec.Linux.Personality is { } personality)
        {
            inside.Add("Set the personality", "what uname(2) says the machine is", "/linux/personality",
                program => program.Call(SystemCallNumber.Personality, $"personality({(int)personality.Domain})", (int)personality.Domain));
        }
        if (inside.Spec.Linux.MemoryPolicy is { } policy) Remember(inside, policy);
    }

    private static void Schedule(OciInside inside, Scheduler scheduler) => inside.Add("Set the scheduler", "before the user changes: real-time policies and negative nice values need CAP_SYS_NICE", "/process/scheduler",
        program =>
        {
            // struct sched_attr (sched_setattr(2)): size, policy, flags, nice, priority, runtime, deadline, period, two clamps of utilization.
            ulong[] attributes =
            [
                56UL | (ulong)scheduler.Policy << 32, (ulong)scheduler.Flags, (uint)scheduler.Nice | (ulong)scheduler.Priority << 32, scheduler.Runtime, scheduler.Deadline, scheduler.Period, 0,
            ];
            program.Call(SystemCallNumber.SchedSetattr, $"sched_setattr(0, {new Words($"{{sched_policy={(int)scheduler.Policy}, sched_flags={(ulong)scheduler.Flags}, sched_nice={scheduler.Nice}, sched_priority={scheduler.Priority}, sched_runtime={scheduler.Runtime}, sched_deadline={scheduler.Deadline}, sched_period={scheduler.Period}}}")}, 0)",
                0, program.Bytes(MemoryMarshal.AsBytes<ulong>(attributes)), 0);
        },
        static error => error switch
        {
            Errno.EPERM => "real-time policies and a lower nice value need CAP_SYS_NICE of the host, a share of the cgroup's real-time where the kernel has such shares, and a deadline all of the cpuset's processors",
            Errno.EBUSY => "the processors have not that much time left for deadlines",
            Errno.EINVAL => "this kernel does not know that policy or flag, or the numbers do not go together: runtime ≤ deadline ≤ period",
            _ => null,
        });

    private static void Remember(OciInside inside, LinuxMemoryPolicy policy) => inside.Add("Set the memory policy", "from which nodes memory comes; over execve and to children", "/linux/memoryPolicy",
        program =>
        {
            byte[]? mask = policy.Nodes is { Length: > 0 } nodes ? IndexList.Parse(nodes) : null;
            // The kernel takes one bit less than it is told.
            program.Call(SystemCallNumber.SetMempolicy, $"set_mempolicy({(int)policy.Mode | (int)policy.Flags}, {policy.Nodes}, {(mask?.Length * 8 + 1) ?? 0})", (int)policy.Mode | (int)policy.Flags,
                mask is null ? 0 : program.Bytes(mask), mask is null ? 0 : mask.Length * 8 + 1);
        },
        static error => error switch
        {
            Errno.ENOSYS => "this kernel has no memory policies (CONFIG_NUMA)",
            Errno.EINVAL => "this machine does not have those nodes, or the mode does not go with them or with the flags",
            _ => null,
        });

    private static void Affinity(OciInside inside, string list, string pointer)
    {
        byte[] mask = IndexList.Parse(list);
        inside.Add($"Bind to the processors {list}", "as the document says for processes that come later", pointer,
            program => program.Call(SystemCallNumber.SchedSetaffinity, $"sched_setaffinity(0, {mask.Length}, [{new Words(list)}])", 0, mask.Length, program.Bytes(mask)),
            static error => error is Errno.EINVAL ? "this machine, or the container's cpuset, has none of those processors" : null);
    }
}
