namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>setns(2): moves this thread into a namespace (a nsfs descriptor), or into several of a process (a pidfd).</summary>
    /// <param name="descriptor">An open descriptor.</param>
    /// <param name="flags">Which kinds; for a nsfs descriptor, the kind expected or none.</param>
    public static void SetNs(int descriptor, NamespaceFlags flags) => Check(TrySetNs(descriptor, flags), $"setns({Fd.Of(descriptor)}, {new Words(CallFlags.Of(flags))})");

    /// <summary><see cref="SetNs"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TrySetNs(int descriptor, NamespaceFlags flags) => (int)SystemCall.Invoke(SystemCallNumber.Setns, descriptor, (nint)(ulong)flags);
}
