namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>pidfd_send_signal(2): sends a signal to exactly that process.</summary>
    /// <param name="pidfd">The process.</param>
    /// <param name="signal">Signal number; 0 asks only whether it is there.</param>
    public static void PidfdSendSignal(int pidfd, int signal) => Check(TryPidfdSendSignal(pidfd, signal), $"pidfd_send_signal({Fd.Of(pidfd)}, {signal}, NULL, 0)");

    /// <summary><see cref="PidfdSendSignal"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryPidfdSendSignal(int pidfd, int signal) => (int)SystemCall.Invoke(SystemCallNumber.PidfdSendSignal, pidfd, signal, 0, 0);
}
