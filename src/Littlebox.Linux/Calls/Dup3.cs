namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>dup3(2): makes <paramref name="copy"/> another name of <paramref name="descriptor"/>; not close-on-exec.</summary>
    /// <param name="descriptor">An open descriptor.</param>
    /// <param name="copy">The number wanted; what it was is closed.</param>
    public static void Dup3(int descriptor, int copy) => Check(TryDup3(descriptor, copy), $"dup3({Fd.Of(descriptor)}, {copy}, 0)");

    /// <summary><see cref="Dup3"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryDup3(int descriptor, int copy) => (int)SystemCall.Invoke(SystemCallNumber.Dup3, descriptor, copy, 0);
}
