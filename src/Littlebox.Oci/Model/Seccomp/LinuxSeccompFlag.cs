namespace Littlebox.Oci;

/// <summary>Flags for seccomp(2) that a profile may name (config-linux.md, Seccomp).</summary>
public enum LinuxSeccompFlag
{
    /// <summary><c>SECCOMP_FILTER_FLAG_TSYNC</c>: all threads; the container has one when the filter is loaded</summary>
    TSync,

    /// <summary><c>SECCOMP_FILTER_FLAG_LOG</c>: log all but Allow, kernel 4.14</summary>
    Log,

    /// <summary><c>SECCOMP_FILTER_FLAG_SPEC_ALLOW</c>: no mitigation of speculative store bypass, kernel 4.17</summary>
    SpecAllow,

    /// <summary><c>SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV</c>: a notified call is interrupted by fatal signals only, kernel 5.19</summary>
    WaitKillableRecv,
}
