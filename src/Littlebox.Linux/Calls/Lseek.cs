namespace Littlebox.Linux;

/// <summary>From where lseek(2) counts.</summary>
public enum SeekFrom
{
    /// <summary>The start. SEEK_SET.</summary>
    Start = 0,

    /// <summary>Where the file stands. SEEK_CUR.</summary>
    Current = 1,

    /// <summary>The end. SEEK_END.</summary>
    End = 2,
}

public static partial class Kernel
{
    /// <summary>lseek(2): moves in an open file, and returns where it then stands, in bytes from the start.</summary>
    public static long Lseek(int descriptor, long offset, SeekFrom from = SeekFrom.Start) =>
        Check(SystemCall.Invoke(SystemCallNumber.Lseek, descriptor, (nint)offset, (nint)from), $"lseek({Fd.Of(descriptor)}, {offset}, {from})");
}
