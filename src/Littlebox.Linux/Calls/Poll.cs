namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>ppoll(2) without a mask: waits for one of the descriptors. Returns how many are ready; 0 after the time; -EINTR passes as 0.</summary>
    /// <param name="descriptors">What to wait for; <see cref="PollDescriptor.Returned"/> is filled.</param>
    /// <param name="milliseconds">How long at most, or -1 for ever.</param>
    public static int Poll(Span<PollDescriptor> descriptors, int milliseconds = -1)
    {
        long* time = stackalloc long[2];
        time[0] = milliseconds / 1000;
        time[1] = milliseconds % 1000 * 1_000_000L;
        fixed (PollDescriptor* first = descriptors)
        {
            nint result = SystemCall.Invoke(SystemCallNumber.Ppoll, (nint)first, descriptors.Length, milliseconds < 0 ? 0 : (nint)time, 0, 8);
            if (ErrorOf(result) is Errno.EINTR)
            {
                foreach (ref PollDescriptor entry in descriptors) entry.Returned = PollEvents.None;
                return 0;
            }
            return (int)Check(result, $"ppoll(…, {descriptors.Length}, {milliseconds} ms, NULL)");
        }
    }
}
