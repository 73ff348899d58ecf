namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>ftruncate(2): sets the length of a file.</summary>
    /// <param name="descriptor">An open descriptor.</param>
    /// <param name="length">Bytes.</param>
    public static void Ftruncate(int descriptor, long length) => Check(TryFtruncate(descriptor, length), $"ftruncate({Fd.Of(descriptor)}, {length})");

    /// <summary><see cref="Ftruncate"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryFtruncate(int descriptor, long length) => (int)SystemCall.Invoke(SystemCallNumber.Ftruncate, descriptor, (nint)length);
}
