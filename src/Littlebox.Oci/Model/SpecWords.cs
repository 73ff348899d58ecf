namespace Littlebox.Oci;

/// <summary>The words of config.json for the values of its enumerations: those that the reader knows.</summary>
public static class SpecWords
{
    /// <summary>As <c>linux.namespaces[].type</c>.</summary>
    public static string Of(LinuxNamespaceType type) => Words.Namespaces[(int)type];

    /// <summary>As <c>process.rlimits[].type</c>, which is what the kernel's headers have.</summary>
    public static string Of(RlimitType type) => Words.Rlimits[(int)type];

    /// <summary>As <c>linux.seccomp.syscalls[].action</c>.</summary>
    public static string Of(LinuxSeccompAction action) => Words.SeccompActions[(int)action];

    /// <summary>As <c>linux.seccomp.syscalls[].args[].op</c>.</summary>
    public static string Of(LinuxSeccompOperator comparison) => Words.SeccompOperators[(int)comparison];

    /// <summary>As <c>linux.seccomp.architectures[]</c>.</summary>
    public static string Of(LinuxSeccompArchitecture architecture) => Words.SeccompArchitectures[(int)architecture];

    /// <summary>As <c>linux.seccomp.flags[]</c>.</summary>
    public static string Of(LinuxSeccompFlag flag) => Words.SeccompFlags[(int)flag];
}
