using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary>The processor this process runs on: x86_64 or arm64, the two that Littlebox knows the system call numbers of.</summary>
public static class Machine
{
    /// <summary>True on arm64 (aarch64), false on x86_64. The compilers fold it to a constant.</summary>
    public static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>The size of a page that memory mappings are rounded to, in bytes.</summary>
    public static int PageSize => Environment.SystemPageSize;
}
