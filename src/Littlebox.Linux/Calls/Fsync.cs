namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>fsync(2): waits until a file is on the disk.</summary>
    /// <param name="descriptor">An open descriptor.</param>
    public static void Fsync(int descriptor) => Check(TryFsync(descriptor), $"fsync({Fd.Of(descriptor)})");

    /// <summary><see cref="Fsync"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryFsync(int descriptor) => (int)SystemCall.Invoke(SystemCallNumber.Fsync, descriptor);
}
