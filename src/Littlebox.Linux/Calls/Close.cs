namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>close(2). Errors are not reported: the descriptor is gone in any case.</summary>
    public static void Close(int descriptor) => SystemCall.Invoke(SystemCallNumber.Close, descriptor);
}
