namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>exit_group(2): ends this process at once; what is buffered anywhere is lost, and nobody's clean-up runs.</summary>
    /// <param name="code">The exit code, 0 to 255.</param>
    public static void ExitGroup(int code) => SystemCall.Invoke(SystemCallNumber.ExitGroup, code);
}
