namespace Littlebox.Oci;

/// <summary><c>process.scheduler</c>, <c>ioPriority</c> and <c>execCPUAffinity</c> (config.md, Linux Process; sched(7), ioprio_set(2)).</summary>
internal static class SchedulingCheck
{
    // The kernel's finest grain for a runtime of SCHED_DEADLINE, nanoseconds (DL_SCALE).
    private const ulong ShortestRuntime = 1024;

    public static void Check(Process process, Func<string, string, string, ConfigException> bad)
    {
        if (process.Scheduler is { } scheduler) CheckScheduler(scheduler, bad);
        if (process.IOPriority is { Priority: < 0 or > 7 } io) throw bad("ioPriority/priority", $"{io.Priority}", "0 to 7");
        if (process.ExecCPUAffinity is not { } affinity) return;
        if (affinity.Initial is { } initial && !Wrong.IsNumberList(initial)) throw bad("execCPUAffinity/initial", Quoted.Of(initial), "a list of processors, such as 0-3,7");
        if (affinity.Final is { } final && !Wrong.IsNumberList(final)) throw bad("execCPUAffinity/final", Quoted.Of(final), "a list of processors, such as 0-3,7");
    }

    private static void CheckScheduler(Scheduler scheduler, Func<string, string, string, ConfigException> bad)
    {
        string policy = Words.SchedulerPolicies[(int)scheduler.Policy];
        if (scheduler.Policy is SchedulerPolicy.Iso) throw bad("scheduler/policy", "SCHED_ISO, which no kernel has", "SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE, SCHED_DEADLINE");
        if (scheduler.Nice is < -20 or > 19) throw bad("scheduler/nice", $"{scheduler.Nice}", "-20 to 19");
        if (scheduler.Policy is SchedulerPolicy.Fifo or SchedulerPolicy.RoundRobin)
        {
            if (scheduler.Priority is < 1 or > 99) throw bad("scheduler/priority", $"{scheduler.Priority}", $"1 to 99 for {policy}");
        }
        else if (scheduler.Priority != 0)
        {
            throw bad("scheduler/priority", $"{scheduler.Priority}", $"0 for {policy}: only SCHED_FIFO and SCHED_RR have priorities");
        }
        if (scheduler.Policy is SchedulerPolicy.Deadline)
        {
            if (scheduler.Runtime < ShortestRuntime) throw bad("scheduler/runtime", $"{scheduler.Runtime}", $"at least {ShortestRuntime} ns");
            if (scheduler.Deadline < scheduler.Runtime || scheduler.Deadline > long.MaxValue) throw bad("scheduler/deadline", $"{scheduler.Deadline}", $"at least the runtime, {scheduler.Runtime}, and at most {long.MaxValue}");
            if (scheduler.Period != 0 && scheduler.Period < scheduler.Deadline || scheduler.Period > long.MaxValue) throw bad("scheduler/period", $"{scheduler.Period}", $"0, or at least the deadline, {scheduler.Deadline}");
            return;
        }
        if (scheduler.Runtime != 0) throw bad("scheduler/runtime", $"{scheduler.Runtime}", $"0 for {policy}: only SCHED_DEADLINE has it");
        if (scheduler.Deadline != 0) throw bad("scheduler/deadline", $"{scheduler.Deadline}", $"0 for {policy}: only SCHED_DEADLINE has it");
        if (scheduler.Period != 0) throw bad("scheduler/period", $"{scheduler.Period}", $"0 for {policy}: only SCHED_DEADLINE has it");
    }
}
