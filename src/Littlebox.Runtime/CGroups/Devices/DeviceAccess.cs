namespace Littlebox.Runtime.CGroups;

/// <summary>What a device rule is about; the values are those of <c>BPF_DEVCG_ACC_*</c> (linux/bpf.h).</summary>
[Flags]
public enum DeviceAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>m</c>: make a file of the device, mknod(2).</summary>
    Make = 1,

    /// <summary><c>r</c></summary>
    Read = 2,

    /// <summary><c>w</c></summary>
    Write = 4,

    /// <summary><c>rwm</c></summary>
    All = Make | Read | Write,
}
