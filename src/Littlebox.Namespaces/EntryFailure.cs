using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Plan;

namespace Littlebox.Namespaces;

/// <summary>Turns a failure inside into the error for people.</summary>
internal static class EntryFailure
{
    /// <summary>The error; the child still waits, so that its descriptors can be looked at.</summary>
    public static LittleboxException Of(EntryRequest request, BootBuilder program, BootChild child, int operation)
    {
        string call = operation < 0 ? "close_range(…)" : program.Describe(operation, register => Strace.Descriptor((int)child.RegisterValue(register)));
        var cause = new SystemCallException(call, child.Error);
        if (!call.StartsWith("execve", StringComparison.Ordinal))
        {
            return new LittleboxException(child.Error is Errno.EPERM or Errno.EACCES ? ErrorKind.NotSupported : ErrorKind.SystemError,
                Hints.Of(call, child.Error) ?? $"the namespaces cannot be entered: {child.Error.Describe()}", cause);
        }
        string command = Strace.Quote(request.Command[0]);
        return child.Error switch
        {
            Errno.ENOENT when request.Command[0].Contains('/') => new LittleboxException(ErrorKind.CommandNotFound, $"{command} is not there, inside; or its interpreter or loader is not", cause),
            Errno.ENOENT => new LittleboxException(ErrorKind.CommandNotFound, $"{command} is in no directory of PATH, as seen from inside", cause),
            Errno.EACCES => new LittleboxException(ErrorKind.CommandNotExecutable, $"{command} may not be executed: no execute permission, or a mount with noexec", cause),
            Errno.ENOEXEC => new LittleboxException(ErrorKind.CommandNotExecutable, $"{command} is not a program for this machine, nor a script with a #! line", cause),
            var error => new LittleboxException(ErrorKind.CommandNotExecutable, $"{command} cannot be executed: {error.Describe()}", cause),
        };
    }
}
