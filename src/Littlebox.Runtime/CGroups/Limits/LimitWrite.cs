namespace Littlebox.Runtime.CGroups;

/// <summary>One value to be written into one file of a container's cgroup. Data: explain prints it, tests compare it.</summary>
/// <param name="Controller">The controller whose cgroup has the file, as the kernel names it in the version that is used (<c>blkio</c>, <c>io</c>).</param>
/// <param name="File">The file.</param>
/// <param name="Value">What is written.</param>
/// <param name="Pointer">The field of config.json that asks for it.</param>
public sealed record LimitWrite(string Controller, string File, string Value, string Pointer)
{
    /// <summary>
    /// Where the kernel answers EINVAL, it is written once more behind the other files of its controller: values that are checked against each other,
    /// such as quota and period, of which the old one is still there.
    /// </summary>
    public bool MayComeLater { get; init; }

    /// <summary>What this kernel has instead, where it has no such file.</summary>
    public LimitWrite? Else { get; init; }

    /// <summary>Where there is no such file, nothing is lost: the value is what happens without it.</summary>
    public bool MayBeMissing { get; init; }
}
