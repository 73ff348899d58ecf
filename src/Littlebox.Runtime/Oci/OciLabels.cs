using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>Labels of the kernel's security modules (config.md: apparmorProfile, selinuxLabel; config-linux.md: mountLabel). They change at execve.</summary>
internal static class OciLabels
{
    /// <summary>Throws where a label is asked for that this machine's kernel does not know.</summary>
    /// <exception cref="LittleboxException">So it is.</exception>
    public static void CheckMachine(Process process, string mountLabel, string document, string pointer)
    {
        if (process.ApparmorProfile is { Length: > 0 } && SmallFile.TryReadText("/sys/module/apparmor/parameters/enabled")?.StartsWith('Y') is not true)
            throw Missing(document, pointer + "/apparmorProfile", "AppArmor", "/sys/module/apparmor/parameters/enabled");
        bool selinux = process.SelinuxLabel is { Length: > 0 };
        if ((selinux || mountLabel.Length > 0) && SmallFile.TryReadText("/sys/fs/selinux/enforce") is null)
            throw Missing(document, selinux ? pointer + "/selinuxLabel" : "/linux/mountLabel", "SELinux", "/sys/fs/selinux");
    }

    /// <summary>Adds the steps. What is written goes to a proc that nobody else can reach (CVE-2019-16884).</summary>
    public static void Add(OciInside inside, Process process)
    {
        if (process.ApparmorProfile is { Length: > 0 } profile)
        {
            inside.Add("Ask for the AppArmor profile", "it counts from execve on", "/process/apparmorProfile",
                program => OciMaskSteps.WriteProc(program, inside.PrivateProc, "self/attr/apparmor/exec", "exec " + profile),
                error => error is Errno.ENOENT ? $"no profile of the name {profile} is loaded: apparmor_parser loads it" : error is Errno.EACCES or Errno.EPERM ? "AppArmor does not let the runtime change to that profile" : null);
        }
        if (process.SelinuxLabel is { Length: > 0 } label)
        {
            inside.Add("Ask for the SELinux label", "it counts from execve on", "/process/selinuxLabel",
                program => OciMaskSteps.WriteProc(program, inside.PrivateProc, "self/attr/exec", label),
                static error => error is Errno.EINVAL ? "SELinux does not know that label" : error is Errno.EACCES or Errno.EPERM ? "SELinux does not let the runtime change to that label" : null);
        }
    }

    private static LittleboxException Missing(string document, string pointer, string module, string place) =>
        new(ErrorKind.NotSupported, $"{document}: {pointer}: {module} is not enabled on this machine ({place}), so the label cannot be set: leave it out, or boot with lsm={module.ToLowerInvariant()}");
}
