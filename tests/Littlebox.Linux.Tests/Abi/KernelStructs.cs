namespace Littlebox.Linux.Tests.Abi;

/// <summary>A structure of C and which of its fields ours stand for. Fields of ours that begin with "spare" are padding.</summary>
/// <param name="Name">The structure in C, <c>struct statx</c>.</param>
/// <param name="Headers">Where it is declared.</param>
/// <param name="Fields">Our field and the field in C.</param>
/// <param name="Shorter">True where ours holds the beginning only: the kernel takes the size along.</param>
internal sealed record KernelStruct(string Name, string Headers, (string Ours, string Theirs)[] Fields, bool Shorter = false);

/// <summary>What each structure of Littlebox.Linux is in C. A new one belongs here, or among those that the kernel never sees.</summary>
internal static class KernelStructs
{
    public static readonly Dictionary<string, KernelStruct> All = new(StringComparer.Ordinal)
    {
        ["BpfProgramLoad"] = new("union bpf_attr", KernelHeaders.Kernel,
        [
            ("Type", "prog_type"), ("Count", "insn_cnt"), ("Instructions", "insns"), ("License", "license"), ("LogLevel", "log_level"), ("LogSize", "log_size"),
            ("Log", "log_buf"),
        ], Shorter: true),
        ["BpfProgramAttach"] = new("union bpf_attr", KernelHeaders.Kernel,
        [
            ("Target", "target_fd"), ("Program", "attach_bpf_fd"), ("Type", "attach_type"), ("Flags", "attach_flags"), ("Replaced", "replace_bpf_fd"),
        ], Shorter: true),
        ["BpfProgramQuery"] = new("union bpf_attr", KernelHeaders.Kernel,
        [
            ("Target", "query.target_fd"), ("Type", "query.attach_type"), ("Flags", "query.query_flags"), ("AttachFlags", "query.attach_flags"),
            ("Ids", "query.prog_ids"), ("Count", "query.prog_cnt"),
        ], Shorter: true),
        ["CloneArguments"] = new("struct clone_args", KernelHeaders.Kernel,
        [
            ("Flags", "flags"), ("PidFd", "pidfd"), ("ChildTid", "child_tid"), ("ParentTid", "parent_tid"), ("ExitSignal", "exit_signal"), ("Stack", "stack"),
            ("StackSize", "stack_size"), ("Tls", "tls"), ("SetTid", "set_tid"), ("SetTidSize", "set_tid_size"), ("CGroup", "cgroup"),
        ]),
        ["FileStatus"] = new("struct statx", KernelHeaders.Kernel,
        [
            ("Mask", "stx_mask"), ("BlockSize", "stx_blksize"), ("Attributes", "stx_attributes"), ("Links", "stx_nlink"), ("Uid", "stx_uid"), ("Gid", "stx_gid"),
            ("Mode", "stx_mode"), ("Inode", "stx_ino"), ("Size", "stx_size"), ("Blocks", "stx_blocks"), ("AttributesMask", "stx_attributes_mask"),
            ("AccessTime", "stx_atime"), ("BirthTime", "stx_btime"), ("ChangeTime", "stx_ctime"), ("ModifyTime", "stx_mtime"), ("DeviceMajor", "stx_rdev_major"),
            ("DeviceMinor", "stx_rdev_minor"), ("OnDeviceMajor", "stx_dev_major"), ("OnDeviceMinor", "stx_dev_minor"), ("MountId", "stx_mnt_id"),
        ]),
        ["FileTime"] = new("struct statx_timestamp", KernelHeaders.Kernel, [("Seconds", "tv_sec"), ("Nanoseconds", "tv_nsec")]),
        ["InterfaceFlagsRequest"] = new("struct ifreq", KernelHeaders.Kernel, [("Name", "ifr_name"), ("Flags", "ifr_flags")]),
        ["MessageHeader"] = new("struct msghdr", KernelHeaders.Libc,
        [
            ("Name", "msg_name"), ("NameLength", "msg_namelen"), ("Vectors", "msg_iov"), ("VectorCount", "msg_iovlen"), ("Control", "msg_control"),
            ("ControlLength", "msg_controllen"), ("Flags", "msg_flags"),
        ]),
        ["MountAttributesArgument"] = new("struct mount_attr", KernelHeaders.Kernel,
            [("Set", "attr_set"), ("Clear", "attr_clr"), ("Propagation", "propagation"), ("UserNamespace", "userns_fd")]),
        ["OpenHow"] = new("struct open_how", KernelHeaders.Kernel, [("Flags", "flags"), ("Mode", "mode"), ("Resolve", "resolve")]),
        ["PollDescriptor"] = new("struct pollfd", KernelHeaders.Kernel, [("Descriptor", "fd"), ("Events", "events"), ("Returned", "revents")]),
        ["TerminalSettings"] = new("struct termios", KernelHeaders.Kernel,
            [("Input", "c_iflag"), ("Output", "c_oflag"), ("Control", "c_cflag"), ("Local", "c_lflag"), ("Line", "c_line"), ("Characters", "c_cc")]),
        ["WindowSize"] = new("struct winsize", KernelHeaders.Kernel, [("Rows", "ws_row"), ("Columns", "ws_col"), ("Width", "ws_xpixel"), ("Height", "ws_ypixel")]),
    };

    /// <summary>Structures that the kernel never sees, and those that no header for programs has: these are proved by use.</summary>
    public static readonly HashSet<string> Ours = new(StringComparer.Ordinal)
    {
        "CallText", "DirectoryEntry", "Fd", "OpenFlags", "WaitStatus", "Words",
        "KernelAction", // the kernel's own struct sigaction, which libc hides behind another: SignalPipeTests
    };
}
