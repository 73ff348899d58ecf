namespace Littlebox.Linux;

/// <summary>
/// The system calls of <see cref="Kernel"/> with names that are bytes, without a NUL behind: a file name need not be UTF-8, and a string would not give it back.
/// A NUL within a name is an <see cref="ArgumentException"/>. Threads: any.
/// </summary>
public static unsafe partial class KernelBytes;
