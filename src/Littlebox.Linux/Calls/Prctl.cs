namespace Littlebox.Linux;

public static partial class Kernel
{
    private const int PrSetDumpable = 4, PrSetChildSubreaper = 36;

    /// <summary>PR_SET_CHILD_SUBREAPER of prctl(2): what loses its parent below this process becomes its child.</summary>
    public static void BecomeSubreaper() => Check(SystemCall.Invoke(SystemCallNumber.Prctl, PrSetChildSubreaper, 1, 0, 0, 0), $"prctl(PR_SET_CHILD_SUBREAPER, 1)");

    /// <summary>PR_SET_DUMPABLE of prctl(2) with 0: only who may trace everything may trace this process, or open its executable and its descriptors; children inherit it, until they execute something.</summary>
    public static void CloseToTracers() => Check(SystemCall.Invoke(SystemCallNumber.Prctl, PrSetDumpable, 0, 0, 0, 0), $"prctl(PR_SET_DUMPABLE, 0)");
}
