namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>fchmod(2): sets the mode of an open file.</summary>
    /// <param name="descriptor">An open descriptor.</param>
    /// <param name="mode">Permissions, set-id bits included.</param>
    public static void Fchmod(int descriptor, int mode) => Check(TryFchmod(descriptor, mode), $"fchmod({Fd.Of(descriptor)}, 0{new Words(Convert.ToString(mode, 8))})");

    /// <summary><see cref="Fchmod"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryFchmod(int descriptor, int mode) => (int)SystemCall.Invoke(SystemCallNumber.Fchmod, descriptor, mode);
}
