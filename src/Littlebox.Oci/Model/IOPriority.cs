namespace Littlebox.Oci;

/// <summary><c>process.ioPriority</c> (config.md, Linux Process; ioprio_set(2)): priority 0, the highest, to 7.</summary>
public sealed record IOPriority(IOPriorityClass Class, int Priority);

/// <summary>The classes of ioprio_set(2); the value is the kernel's number.</summary>
public enum IOPriorityClass
{
    /// <summary><c>IOPRIO_CLASS_RT</c></summary>
    Realtime = 1,

    /// <summary><c>IOPRIO_CLASS_BE</c></summary>
    BestEffort = 2,

    /// <summary><c>IOPRIO_CLASS_IDLE</c></summary>
    Idle = 3,
}
