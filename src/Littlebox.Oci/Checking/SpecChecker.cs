namespace Littlebox.Oci;

/// <summary>
/// Whether a config.json that has the right types makes sense: what is missing, contradicts itself, or can be no value that the kernel takes. It asks nothing
/// of the machine, and comes before anything is made.
/// </summary>
public static class SpecChecker
{
    /// <summary>Checks a whole document.</summary>
    /// <exception cref="ConfigException">The first part that is wrong: where it is, what was found, and what is allowed.</exception>
    public static void Check(Spec spec)
    {
        VersionCheck.Check(spec.OciVersion);
        Wrong.UnlessPath(spec.Root.Path, static () => "/root/path", "the path of the root file system");
        NamespaceCheck.Check(spec);
        IdMappingCheck.Check(spec);
        NameCheck.Check(spec);
        // A container without one can be created, and not started.
        if (spec.Process is { } process)
        {
            ProcessChecker.Check(process);
            UserCheck.CheckMapped(spec, process.User);
        }
        MountCheck.Check(spec);
        DeviceCheck.Check(spec.Linux.Devices);
        NetDeviceCheck.Check(spec.Linux);
        PathCheck.Check(spec.Linux);
        if (spec.Linux.Resources is { } resources) ResourcesChecker.Check(resources);
        SysctlCheck.Check(spec.Linux);
        if (spec.Linux.Seccomp is { } seccomp) SeccompCheck.Check(seccomp);
        if (spec.Linux.IntelRdt is { } rdt) IntelRdtCheck.Check(rdt);
        if (spec.Linux.MemoryPolicy is { } policy) MemoryPolicyCheck.Check(policy);
        HooksCheck.Check(spec.Hooks);
        foreach ((string key, _) in spec.Annotations)
        {
            if (key.Length == 0) throw Wrong.At("/annotations/", "an empty name", "a name, such as com.example.key");
        }
    }
}
