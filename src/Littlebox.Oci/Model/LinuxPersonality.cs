namespace Littlebox.Oci;

/// <summary><c>linux.personality</c> (config-linux.md, Personality). The spec has no flags yet, so any is refused.</summary>
public sealed record LinuxPersonality(LinuxPersonalityDomain Domain);

/// <summary>The domains of <c>linux.personality</c>; the value is the kernel's number (linux/personality.h).</summary>
public enum LinuxPersonalityDomain
{
    /// <summary><c>LINUX</c></summary>
    Linux = 0,

    /// <summary><c>LINUX32</c></summary>
    Linux32 = 8,
}
