using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Seccomp;

/// <summary>What a filter sees in <c>seccomp_data.arch</c>, and which ABIs belong to it.</summary>
internal static class FilterArchitecture
{
    /// <summary>AUDIT_ARCH_X86_64, of linux/audit.h; x32 shows it too.</summary>
    public const uint AuditX64 = 0xc000003e;

    /// <summary>AUDIT_ARCH_I386.</summary>
    public const uint AuditX86 = 0x40000003;

    /// <summary>AUDIT_ARCH_AARCH64.</summary>
    public const uint AuditArm64 = 0xc00000b7;

    /// <summary>AUDIT_ARCH_ARM.</summary>
    public const uint AuditArm = 0x40000028;

    /// <summary>The ABI of this machine's own programs.</summary>
    public static SystemCallAbi Native => Machine.IsArm64 ? SystemCallAbi.Arm64 : SystemCallAbi.X64;

    /// <summary>The value of <c>seccomp_data.arch</c>.</summary>
    public static uint Audit(SystemCallAbi abi) => abi switch
    {
        SystemCallAbi.X86 => AuditX86,
        SystemCallAbi.Arm64 => AuditArm64,
        SystemCallAbi.Arm => AuditArm,
        _ => AuditX64,
    };

    /// <summary>Whether arguments are compared with all of their 64 bits; on the others libseccomp compares the lower 32, on x32 as well.</summary>
    public static bool Compares64(SystemCallAbi abi) => abi is SystemCallAbi.X64 or SystemCallAbi.Arm64;

    /// <summary>Whether a kernel whose own ABI is <paramref name="native"/> can be called this way.</summary>
    public static bool CanBeCalled(SystemCallAbi abi, SystemCallAbi native) =>
        (abi is SystemCallAbi.Arm64 or SystemCallAbi.Arm) == (native is SystemCallAbi.Arm64 or SystemCallAbi.Arm);

    /// <summary>The ABI of an architecture that a profile names; <c>null</c> for one that neither x86_64 nor arm64 kernels can be called by.</summary>
    public static SystemCallAbi? Abi(LinuxSeccompArchitecture architecture) => architecture switch
    {
        LinuxSeccompArchitecture.X86_64 => SystemCallAbi.X64,
        LinuxSeccompArchitecture.X32 => SystemCallAbi.X32,
        LinuxSeccompArchitecture.X86 => SystemCallAbi.X86,
        LinuxSeccompArchitecture.AArch64 => SystemCallAbi.Arm64,
        LinuxSeccompArchitecture.Arm => SystemCallAbi.Arm,
        _ => null,
    };
}
