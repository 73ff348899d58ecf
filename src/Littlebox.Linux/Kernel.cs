using System.Runtime.CompilerServices;

namespace Littlebox.Linux;

/// <summary>
/// The system calls, one a file below <c>Calls/</c>. Each throws <see cref="SystemCallException"/> with the call as strace prints it; those that
/// begin with <c>Try</c> return <c>-errno</c> instead, for callers to whom a failure is an answer. Threads: any, unless a call says otherwise.
/// </summary>
public static partial class Kernel
{
    /// <summary>Returns <paramref name="result"/>, or throws when it is <c>-errno</c>. The text is built in that case only.</summary>
    public static nint Check(nint result, [InterpolatedStringHandlerArgument(nameof(result))] CallText call)
    {
        if (result is < 0 and >= -4095) throw new SystemCallException(call.Build(), (Errno)(-result));
        return result;
    }

    /// <summary>The error number in a result of a <c>Try</c> call, <see cref="Errno.None"/> when it succeeded.</summary>
    public static Errno ErrorOf(nint result) => result is < 0 and >= -4095 ? (Errno)(-result) : Errno.None;
}
