namespace Littlebox.Linux;

public static partial class Kernel
{
    private const int PrSetDumpable = 4;

    /// <summary>PR_SET_DUMPABLE of prctl(2) with 0: only who may trace everything may trace this process, or open its executable and its descriptors; children inherit it, until they execute something.</summary>
    public static void CloseToTracers() => Check(SystemCall.Invoke(SystemCallNumber.Prctl, PrSetDumpable, 0, 0, 0, 0), $"prctl(PR_SET_DUMPABLE, 0)");
}
