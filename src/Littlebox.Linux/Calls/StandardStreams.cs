namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>
    /// Sees to it that descriptors 0 to 2 are taken: where this process was started with one of them closed, the next file that it opens would get the number,
    /// and be written to. What is put there instead fails as a closed one does: it cannot be read from, or not be written to (EBADF).
    /// </summary>
    public static void HoldStandardStreams()
    {
        for (int stream = 0; stream < 3; stream++)
        {
            if (ErrorOf(SystemCall.Invoke(SystemCallNumber.Fcntl, stream, GetDescriptorFlags)) is not Errno.EBADF) continue;
            // It gets the lowest number that is free. Closed again at execve(2): the command finds it as it was here.
            TryOpenAt2(Text.Strace.CurrentDirectory, "/dev/null", stream == 0 ? OpenFlags.WriteOnly : OpenFlags.ReadOnly);
        }
    }
}
