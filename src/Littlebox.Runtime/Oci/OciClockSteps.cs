using System.Globalization;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>A time namespace with clocks of its own (config-linux.md, Offset for Time Namespace; time_namespaces(7)).</summary>
internal static class OciClockSteps
{
    /// <summary>Adds the steps, where the document has offsets.</summary>
    public static void Add(OciInside inside)
    {
        if (inside.Spec.Linux.TimeOffsets.Count == 0) return;
        inside.Add("Make a time namespace", "apart from the others: its clocks can be set only while nobody is in it, and who makes one is not in it", "/linux/namespaces",
            static program => program.Call(SystemCallNumber.Unshare, $"unshare(CLONE_NEWTIME)", (long)NamespaceFlags.Time));
        inside.Add("Set its clocks", "through a proc of our own; the first process in the namespace freezes them", "/linux/timeOffsets",
            program => OciMaskSteps.WriteProc(program, inside.PrivateProc, "self/timens_offsets", string.Concat(inside.Spec.Linux.TimeOffsets.Select(Line))),
            static error => error is Errno.ERANGE ? "a clock may not be set before its beginning, nor to more than half of its range" : null);
        inside.Add("Enter the time namespace", "from here on the clocks are the container's", "/linux/namespaces",
            program =>
            {
                Register time = program.NewRegister("time namespace");
                program.Call(SystemCallNumber.Openat, $"openat({inside.PrivateProc}, \"self/ns/time_for_children\", O_RDONLY|O_CLOEXEC)", inside.PrivateProc, program.String("self/ns/time_for_children"), (long)(OpenFlags.ReadOnly | OpenFlags.CloseOnExec).Value).To(time);
                program.Call(SystemCallNumber.Setns, $"setns({time}, CLONE_NEWTIME)", time, (long)NamespaceFlags.Time);
            });
    }

    private static string Line(LinuxTimeOffset offset) => string.Create(CultureInfo.InvariantCulture, $"{offset.Clock} {offset.Secs} {offset.Nanosecs}\n");
}
