namespace Littlebox.Linux;

/// <summary>How a process ended: the status of wait(2).</summary>
/// <param name="Raw">The status as the kernel gives it.</param>
public readonly record struct WaitStatus(int Raw)
{
    /// <summary>True when it called exit.</summary>
    public bool Exited => (Raw & 0x7f) == 0;

    /// <summary>The number of the signal that ended it, 0 when it exited.</summary>
    public int Signal => Raw & 0x7f;

    /// <summary>The exit code as a shell reports it: the code, or 128 plus the signal's number.</summary>
    public int ExitCode => Exited ? (Raw >> 8) & 0xff : 128 + Signal;
}
