namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>unshare(2): new namespaces for this thread alone. In a process of .NET it is for single-thread namespaces (net, uts, ipc) on a thread of its own only.</summary>
    /// <param name="flags">Which.</param>
    public static void Unshare(NamespaceFlags flags) => Check(TryUnshare(flags), $"unshare({new Words(CallFlags.Of(flags))})");

    /// <summary><see cref="Unshare"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryUnshare(NamespaceFlags flags) => (int)SystemCall.Invoke(SystemCallNumber.Unshare, (nint)(ulong)flags);
}
