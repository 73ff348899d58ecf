using Littlebox.Linux;

namespace Littlebox.Plan;

/// <summary>The likely cause and the remedy for system calls that fail the same way wherever they are made. docs/errors.md lists them.</summary>
public static class Hints
{
    private const string Forbidden = "not permitted";

    /// <summary>The words for a call, as strace prints it, that failed with <paramref name="error"/>; <c>null</c> where nothing more is known than errno says.</summary>
    public static string? Of(string call, Errno error)
    {
        int parenthesis = call.IndexOf('(');
        string name = parenthesis < 0 ? call : call[..parenthesis];
        return (name, error) switch
        {
            ("clone3", Errno.EPERM) => $"{Forbidden}: new namespaces need root, or a user namespace, and those are switched off for this user; "
                + $"'{Remedies.UserNamespaces}' or, on Ubuntu, '{Remedies.AppArmorUserNamespaces}' mends that; 'littlebox doctor' says which",
            ("clone3" or "unshare", Errno.ENOSPC) => NamespaceLimits.Words(call),
            ("clone3", Errno.EUSERS) => "user namespaces are nested too deeply (32 levels)",
            ("clone3", Errno.EAGAIN) => "too many processes: see 'ulimit -u', pids.max of the cgroup, and sysctl kernel.pid_max",
            ("clone3", Errno.ENOMEM) => "out of memory, or the pid namespace's first process has ended",
            ("clone3", Errno.EINVAL) => "this kernel does not have one of the namespaces asked for: 'littlebox doctor' says which",
            ("setns", Errno.EPERM) => $"{Forbidden}: joining needs CAP_SYS_ADMIN in the namespace's owner; join its user namespace too, or be root",
            ("setns", Errno.EINVAL) => "the file is not a namespace of that kind, or it cannot be joined from here (a pid namespace must be our own or below it)",
            ("fsmount" or "mount" or "fsconfig" or "move_mount" or "open_tree" or "mount_setattr", Errno.EPERM) =>
                $"{Forbidden} here: in a user namespace only some file systems can be mounted, and locked mounts stay as they are",
            ("fsopen" or "fsconfig", Errno.ENODEV) => "this kernel does not have that file system: /proc/filesystems lists what it has, 'modprobe' may bring it",
            ("move_mount", Errno.ENOTDIR or Errno.EINVAL) => "a directory can only be mounted on a directory, and a file on a file",
            ("fsmount" or "move_mount" or "open_tree", Errno.ENOSPC) => "too many mounts in the namespace: see sysctl fs.mount-max",
            ("openat2", Errno.ELOOP) => "a symbolic link stands where none may, or links go in a circle",
            ("openat2", Errno.EXDEV) => "the path leads out of the root",
            ("openat2" or "mkdirat" or "mknodat", Errno.EROFS) => "the root is read-only and the place for the mount is missing: make it in the root beforehand",
            ("mkdirat" or "mknodat" or "openat2", Errno.EACCES) =>
                "this user may not make it, or not look there, in the root: own the root, or use an archive, which is unpacked for this user",
            (_, Errno.EMFILE) => "too many open files in this process: see 'ulimit -n'",
            (_, Errno.ENFILE) => "too many open files on this machine: see sysctl fs.file-max",
            (_, Errno.ENOSPC) => "no space left: on the disk, or of a limit of the kernel",
            (_, Errno.EDQUOT) => "the disk quota is used up",
            _ => null,
        };
    }
}
