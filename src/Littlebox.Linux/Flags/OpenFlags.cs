namespace Littlebox.Linux;

/// <summary>Flags of openat2(2). Close-on-exec is always added. A few values differ between x86_64 and arm64, hence a structure and not an enum.</summary>
public readonly record struct OpenFlags(ulong Value)
{
    /// <summary>Read. O_RDONLY.</summary>
    public static OpenFlags ReadOnly => new(0x0);

    /// <summary>Write. O_WRONLY.</summary>
    public static OpenFlags WriteOnly => new(0x1);

    /// <summary>Read and write. O_RDWR.</summary>
    public static OpenFlags ReadWrite => new(0x2);

    /// <summary>Make the file where it is missing. O_CREAT.</summary>
    public static OpenFlags Create => new(0x40);

    /// <summary>Fail where it exists. O_EXCL.</summary>
    public static OpenFlags Exclusive => new(0x80);

    /// <summary>Never become the controlling terminal. O_NOCTTY.</summary>
    public static OpenFlags NoControllingTerminal => new(0x100);

    /// <summary>Empty the file. O_TRUNC.</summary>
    public static OpenFlags Truncate => new(0x200);

    /// <summary>Write at the end. O_APPEND.</summary>
    public static OpenFlags Append => new(0x400);

    /// <summary>Never wait. O_NONBLOCK.</summary>
    public static OpenFlags NonBlocking => new(0x800);

    /// <summary>Fail where it is not a directory. O_DIRECTORY.</summary>
    public static OpenFlags Directory => new(Machine.IsArm64 ? 0x4000UL : 0x10000UL);

    /// <summary>Do not follow a symbolic link at the end. O_NOFOLLOW.</summary>
    public static OpenFlags NoFollow => new(Machine.IsArm64 ? 0x8000UL : 0x20000UL);

    /// <summary>Close at execve. O_CLOEXEC.</summary>
    public static OpenFlags CloseOnExec => new(0x80000);

    /// <summary>A descriptor that only names the place (O_PATH). O_PATH.</summary>
    public static OpenFlags PathOnly => new(0x200000);

    /// <summary>A file without a name in this directory. O_TMPFILE.</summary>
    public static OpenFlags Temporary => new(Machine.IsArm64 ? 0x404000UL : 0x410000UL);

    /// <summary>Both.</summary>
    public static OpenFlags operator |(OpenFlags left, OpenFlags right) => new(left.Value | right.Value);

    /// <summary>The bits.</summary>
    public static explicit operator ulong(OpenFlags flags) => flags.Value;
}
