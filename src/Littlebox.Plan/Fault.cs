using System.Globalization;
using Littlebox.Boot;
using Littlebox.Linux;

namespace Littlebox.Plan;

/// <summary>A fault to inject, for tests: a step fails with an error number, or littlebox is killed there.</summary>
/// <param name="Step">Index of the step, from 0.</param>
/// <param name="After">After what the step does instead of before.</param>
/// <param name="Error">The error number; <see cref="Errno.None"/> kills littlebox with SIGKILL.</param>
public sealed record Fault(int Step, bool After, Errno Error)
{
    /// <summary>Reads <c>7:EIO</c>, <c>7+:EIO</c> (after the step), <c>7:KILL</c>; steps are counted from 1 as explain prints them.</summary>
    /// <exception cref="LittleboxException">It has another form.</exception>
    public static Fault Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length == 2)
        {
            bool after = parts[0].EndsWith('+');
            if (int.TryParse(parts[0].TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out int step) && step > 0)
            {
                if (parts[1] is "KILL") return new Fault(step - 1, after, Errno.None);
                if (Enum.TryParse(parts[1], out Errno error) && error != Errno.None) return new Fault(step - 1, after, error);
            }
        }
        throw new LittleboxException(ErrorKind.InvalidArgument, $"--inject-fault={text}: not a fault", "valid forms: STEP:ERRNO, STEP+:ERRNO (after the step), STEP:KILL; for instance 7:EIO");
    }

    /// <summary>Throws where a plan has no such step.</summary>
    /// <exception cref="LittleboxException">So it is; the sentence says how many steps it has.</exception>
    public void CheckIn(ContainerPlan plan)
    {
        if (Step >= plan.Steps.Count) throw new LittleboxException(ErrorKind.InvalidArgument, $"--inject-fault: step {Step + 1}: the plan has {plan.Steps.Count} steps");
    }

    /// <summary>Has the fault happen in this process.</summary>
    public void Happen()
    {
        if (Error != Errno.None) throw new SystemCallException("injected fault", Error);
        Kernel.Kill(Kernel.ProcessId, Signal.Kill);
    }

    internal void AddTo(BootBuilder builder)
    {
        if (Error == Errno.None) builder.Report(MessageKind.Die);
        else builder.Fail(Error);
    }
}
