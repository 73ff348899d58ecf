namespace Littlebox.Linux.Tests.Abi;

/// <summary>What each constant of Littlebox.Linux is called in C. A new one belongs here, or among those that are not the kernel's.</summary>
internal static class KernelConstants
{
    /// <summary>Our constant (type and name) and its name in C, or several with <c>|</c> between.</summary>
    public static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["FileTypes.Mask"] = "S_IFMT",
        ["FileTypes.Socket"] = "S_IFSOCK",
        ["FileTypes.SymbolicLink"] = "S_IFLNK",
        ["FileTypes.Regular"] = "S_IFREG",
        ["FileTypes.BlockDevice"] = "S_IFBLK",
        ["FileTypes.Directory"] = "S_IFDIR",
        ["FileTypes.CharacterDevice"] = "S_IFCHR",
        ["FileTypes.Fifo"] = "S_IFIFO",
        ["FileTypes.SetUser"] = "S_ISUID",
        ["FileTypes.SetGroup"] = "S_ISGID",
        ["FileTypes.Sticky"] = "S_ISVTX",
        ["Kernel.BpfProgLoad"] = "BPF_PROG_LOAD",
        ["Kernel.BpfProgAttach"] = "BPF_PROG_ATTACH",
        ["Kernel.BpfProgDetach"] = "BPF_PROG_DETACH",
        ["Kernel.BpfProgGetFdById"] = "BPF_PROG_GET_FD_BY_ID",
        ["Kernel.BpfProgQuery"] = "BPF_PROG_QUERY",
        ["Kernel.BpfProgTypeCgroupDevice"] = "BPF_PROG_TYPE_CGROUP_DEVICE",
        ["Kernel.BpfCgroupDevice"] = "BPF_CGROUP_DEVICE",
        ["Kernel.BpfAllowMulti"] = "BPF_F_ALLOW_MULTI",
        ["Kernel.BpfReplace"] = "BPF_F_REPLACE",
        ["Kernel.CloneFs"] = "CLONE_FS",
        ["Kernel.KcmpFiles"] = "KCMP_FILES",
        ["Kernel.NsGetTgidFromPidNs"] = "NS_GET_TGID_FROM_PIDNS",
        ["Kernel.NsGetUserNs"] = "NS_GET_USERNS",
        ["Kernel.NsGetParent"] = "NS_GET_PARENT",
        ["Kernel.NsGetNsType"] = "NS_GET_NSTYPE",
        ["Kernel.NsGetOwnerUid"] = "NS_GET_OWNER_UID",
        ["Kernel.Siocgskns"] = "SIOCGSKNS",
        ["Kernel.StatxBasic"] = "STATX_BASIC_STATS",
        ["Kernel.StatxMountId"] = "STATX_MNT_ID",
        ["Kernel.Tcgets"] = "TCGETS",
        ["Kernel.Tcsets"] = "TCSETS",
        ["Kernel.Tiocgwinsz"] = "TIOCGWINSZ",
        ["Kernel.Tiocswinsz"] = "TIOCSWINSZ",
        ["KernelBytes.NanosecondsOmit"] = "UTIME_OMIT",
        ["MachineCode.ProtRead"] = "PROT_READ",
        ["MachineCode.ProtWrite"] = "PROT_WRITE",
        ["MachineCode.ProtExec"] = "PROT_EXEC",
        ["MachineCode.MapPrivate"] = "MAP_PRIVATE",
        ["MachineCode.MapAnonymous"] = "MAP_ANONYMOUS",
        ["SeekFrom.Current"] = "SEEK_CUR",
        ["SeekFrom.End"] = "SEEK_END",
        ["Signal.Hangup"] = "SIGHUP",
        ["Signal.Interrupt"] = "SIGINT",
        ["Signal.Quit"] = "SIGQUIT",
        ["Signal.Kill"] = "SIGKILL",
        ["Signal.Pipe"] = "SIGPIPE",
        ["Signal.Terminate"] = "SIGTERM",
        ["Signal.Child"] = "SIGCHLD",
        ["Signal.Continue"] = "SIGCONT",
        ["Signal.Stop"] = "SIGSTOP",
        ["Signal.TerminalStop"] = "SIGTSTP",
        ["Signal.TerminalInput"] = "SIGTTIN",
        ["Signal.TerminalOutput"] = "SIGTTOU",
        ["Signal.WindowChange"] = "SIGWINCH",
        ["SignalPipe.Ignored"] = "SIG_IGN",
        ["SignalPipe.RestartAndStack"] = "SA_RESTART|SA_ONSTACK",
        ["SignalPipe.Restorer"] = "SA_RESTORER",
        ["Strace.CurrentDirectory"] = "AT_FDCWD",
    };

    /// <summary>Constants and enumerations of our own, of which the kernel knows nothing.</summary>
    public static readonly HashSet<string> Ours = new(StringComparer.Ordinal)
    {
        "DirectoryTree.DeepestLevel",
        "Kernel.BpfLogSize",
        "ErrorKind",
        "SignalPipe.RestorerOffset",
        "Strace.LongestString",
    };
}
