namespace Littlebox.Runtime.Oci.State;

/// <summary>The states of a container's life (runtime-spec, runtime.md, State; <c>paused</c> is runc's).</summary>
public enum OciStatus
{
    /// <summary>It is being made.</summary>
    Creating,

    /// <summary>It is made, and waits for <c>start</c>.</summary>
    Created,

    /// <summary>Its program runs.</summary>
    Running,

    /// <summary>Its processes are frozen.</summary>
    Paused,

    /// <summary>Its first process has ended.</summary>
    Stopped,
}
