namespace Littlebox.Oci;

/// <summary><c>process.scheduler</c>, <c>process.ioPriority</c> and <c>process.execCPUAffinity</c>.</summary>
internal static class SchedulerReader
{
    public static Scheduler? ReadScheduler(ref ConfigReader r)
    {
        int? policy = null;
        int nice = 0, priority = 0;
        SchedulerFlags flags = 0;
        ulong runtime = 0, deadline = 0, period = 0;
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("policy"u8, ref seen, 0)) policy = r.Choice(Words.SchedulerPolicies);
            else if (r.Is("nice"u8, ref seen, 1)) nice = r.Integer32() ?? 0;
            else if (r.Is("priority"u8, ref seen, 2)) priority = r.Integer32() ?? 0;
            else if (r.Is("flags"u8, ref seen, 3)) flags = (SchedulerFlags)r.Choices(Words.SchedulerFlags);
            else if (r.Is("runtime"u8, ref seen, 4)) runtime = r.Unsigned() ?? 0;
            else if (r.Is("deadline"u8, ref seen, 5)) deadline = r.Unsigned() ?? 0;
            else if (r.Is("period"u8, ref seen, 6)) period = r.Unsigned() ?? 0;
            else r.Skip();
        }
        return new()
        {
            Policy = (SchedulerPolicy)(policy ?? throw r.Missing("policy", Words.OneOf(Words.SchedulerPolicies))),
            Nice = nice,
            Priority = priority,
            Flags = flags,
            Runtime = runtime,
            Deadline = deadline,
            Period = period,
        };
    }

    public static IOPriority? ReadIOPriority(ref ConfigReader r)
    {
        int? kind = null;
        int priority = 0;
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("class"u8, ref seen, 0)) kind = r.Choice(Words.IOPriorityClasses);
            else if (r.Is("priority"u8, ref seen, 1)) priority = r.Integer32() ?? 0;
            else r.Skip();
        }
        return new((IOPriorityClass)(kind ?? throw r.Missing("class", Words.OneOf(Words.IOPriorityClasses))), priority);
    }

    public static ExecCPUAffinity? ReadAffinity(ref ConfigReader r)
    {
        string? initial = null, final = null;
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("initial"u8, ref seen, 0)) initial = r.TextOrNone();
            else if (r.Is("final"u8, ref seen, 1)) final = r.TextOrNone();
            else r.Skip();
        }
        return new(initial, final);
    }
}
