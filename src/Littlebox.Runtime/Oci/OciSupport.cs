using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Oci;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Oci;

/// <summary>Refuses what the plan cannot do, before anything is made: a weaker container than the document asks for is none.</summary>
internal static class OciSupport
{
    /// <summary>Throws for the first part of the document that cannot be done.</summary>
    public static void Check(Spec spec)
    {
        LinuxSection linux = spec.Linux;
        OciNamespaceChecks.Check(spec);
        OciMountChecks.Check(spec);
        OciDeviceChecks.Check(spec);
        Refuse(linux.NetDevices.Count > 0, "/linux/netDevices");
        Refuse(linux.TimeOffsets.Count > 0, "/linux/timeOffsets");
        Refuse(linux.IntelRdt is not null, "/linux/intelRdt");
        Hooks hooks = spec.Hooks;
        Refuse(hooks.Prestart.Count + hooks.CreateRuntime.Count + hooks.CreateContainer.Count + hooks.StartContainer.Count + hooks.Poststart.Count + hooks.Poststop.Count > 0, "/hooks");
        if (spec.Process is { } process)
        {
            if (process.Args.Count == 0) throw Wrong("/process/args", "it is empty", "a program and its arguments");
            if (!process.Cwd.StartsWith('/')) throw Wrong("/process/cwd", Strace.Quote(process.Cwd), "an absolute path");
        }
        if (linux.Namespace(LinuxNamespaceType.Mount) is { Path: not null }) Refuse(true, "/linux/namespaces (a mount namespace by path)");
        foreach ((string key, string value) in linux.Sysctl) CheckSysctl(spec, key, value);
    }

    /// <summary>Throws where a filter cannot be set up.</summary>
    public static void Check(LinuxSeccomp profile, SeccompFilter filter)
    {
        if (filter.Notifies && profile.ListenerPath is not { Length: > 0 }) throw Wrong("/linux/seccomp/listenerPath", "none", "the socket of the agent that SCMP_ACT_NOTIFY asks");
    }

    // A value of the host's is nobody's to set from a container, and one line is one value (CVE-2022-0811).
    private static void CheckSysctl(Spec spec, string key, string value)
    {
        string pointer = $"/linux/sysctl/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
        string dotted = key.Replace('/', '.');
        if (key.Contains("..", StringComparison.Ordinal) || key.StartsWith('.') || key.StartsWith('/')) throw Wrong(pointer, Strace.Quote(key), "a name beneath /proc/sys");
        if (value.AsSpan().TrimEnd('\n').IndexOfAny('\n', '\r', '\0') >= 0) throw Wrong(pointer, Strace.Quote(value), "one line");
        LinuxNamespaceType? owner = dotted switch
        {
            _ when dotted.StartsWith("net.", StringComparison.Ordinal) => LinuxNamespaceType.Network,
            _ when dotted.StartsWith("fs.mqueue.", StringComparison.Ordinal) => LinuxNamespaceType.Ipc,
            "kernel.msgmax" or "kernel.msgmnb" or "kernel.msgmni" or "kernel.sem" or "kernel.shmall" or "kernel.shmmax" or "kernel.shmmni" or "kernel.shm_rmid_forced" => LinuxNamespaceType.Ipc,
            "kernel.domainname" => LinuxNamespaceType.Uts,
            _ => null,
        };
        if (owner is null) throw Wrong(pointer, "a sysctl that no namespace has of its own", "net.*, fs.mqueue.*, kernel.msg*, kernel.sem, kernel.shm*, kernel.domainname");
        // One that is joined may be the host's own.
        if (spec.Linux.Namespace(owner.Value) is not { } chosen || chosen.Path is { } path && IsOurs(path))
            throw Wrong(pointer, $"no namespace of its own of type {owner.Value.ToString().ToLowerInvariant()}", "such a namespace in /linux/namespaces: without it the value would be the host's");
    }

    private static bool IsOurs(string path)
    {
        foreach (string kind in (string[])["net", "ipc", "uts"])
        {
            if (Kernel.TryStatx(Strace.CurrentDirectory, path, follow: true, out FileStatus joined) >= 0
                && Kernel.TryStatx(Strace.CurrentDirectory, "/proc/self/ns/" + kind, follow: true, out FileStatus own) >= 0 && joined.Identity == own.Identity) return true;
        }
        return false;
    }

    private static void Refuse(bool asked, string pointer)
    {
        if (asked) throw new LittleboxException(ErrorKind.NotSupported, $"config.json: {pointer}: this version of littlebox-oci cannot do it yet, and does not make a container without it");
    }

    private static LittleboxException Wrong(string pointer, string found, string allowed) => new(ErrorKind.InvalidArgument, $"config.json: {pointer}: found {found}; allowed: {allowed}");
}
