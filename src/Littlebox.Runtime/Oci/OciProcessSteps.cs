using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Plan;
using Littlebox.Runtime.Seccomp;
using Littlebox.Runtime.Steps;

namespace Littlebox.Runtime.Oci;

/// <summary>
/// The process: who it is, what it may, where it stands (config.md, Process). The same steps make the first process of a container and, with exec, a later one
/// (CVE-2022-29162: one path, so what is dropped for one is dropped for the other).
/// </summary>
internal static class OciProcessSteps
{
    private const int TiocSctty = 0x540E, TiocsPtLck = 0x40045431, TiocsWinSz = 0x5414;
    private const int TiocgPtPeer = 0x5441;
    private const int PrCapbsetDrop = 24, PrSetNoNewPrivs = 38, PrSetKeepCaps = 8, PrCapAmbient = 47, AmbientRaise = 2, AmbientClearAll = 4;

    /// <summary>The field of the step that executes the program.</summary>
    public const string ExecuteField = "/process/args";

    /// <summary>The field of the step that looks for it.</summary>
    public const string FindField = "/process/args/0";

    /// <summary>The session keyring: without one of its own a container would see the keys of whoever started it.</summary>
    public static void JoinKeyring(OciInside inside, string id) => inside.Add("Join a session keyring of its own", "keys of the caller stay with the caller (keyrings(7))", null,
        program => program.Call(SystemCallNumber.Keyctl, $"keyctl(KEYCTL_JOIN_SESSION_KEYRING, {"_ses." + id})", 1, program.String("_ses." + id)).Tolerate(Errno.ENOSYS, Errno.EDQUOT, Errno.EPERM));

    /// <summary>oom_score_adj, limits: what belongs to the process and needs rights that it gives up later.</summary>
    public static void Properties(OciInside inside, Process process)
    {
        if (process.OomScoreAdj is { } score)
        {
            inside.Add("Set the out-of-memory score", "while there are still the rights to lower it", "/process/oomScoreAdj",
                program => OciMaskSteps.WriteProc(program, inside.PrivateProc, "self/oom_score_adj", score.ToString(CultureInfo.InvariantCulture)),
                ScoreHint);
        }
        for (int i = 0; i < process.Rlimits.Count; i++)
        {
            if (Early(process.Rlimits[i]) is not { } limit) continue;
            inside.Add("Set " + SpecWords.Of(limit.Type), "before the user changes: only root may raise a hard limit", $"/process/rlimits/{i}", program => SetLimit(program, limit), error => LimitHint(error, limit));
        }
    }

    // The limit of open files counts for what the child itself has open, too: it comes at the end. What needs rights of it, the raising of the hard limit, comes with the others.
    private static Rlimit? Early(Rlimit limit)
    {
        if (limit.Type != RlimitType.OpenFiles) return limit;
        return limit.Hard > Kernel.LimitOf((int)limit.Type).Hard ? limit with { Soft = limit.Hard } : null;
    }

    private static void LimitOpenFiles(OciInside inside, Process process)
    {
        for (int i = 0; i < process.Rlimits.Count; i++)
        {
            Rlimit limit = process.Rlimits[i];
            if (limit.Type == RlimitType.OpenFiles)
                inside.Add("Set " + SpecWords.Of(limit.Type), "as late as can be: it counts for what the child itself has open, too", $"/process/rlimits/{i}", program => SetLimit(program, limit), error => LimitHint(error, limit));
        }
    }

    private static void SetLimit(BootBuilder program, Rlimit limit)
    {
        Data value = program.Bytes(MemoryMarshal.AsBytes<ulong>([limit.Soft, limit.Hard]));
        program.Call(SystemCallNumber.Prlimit64, $"prlimit64(0, {new Words(SpecWords.Of(limit.Type))}, {new Words($"{{rlim_cur={limit.Soft}, rlim_max={limit.Hard}}}")}, NULL)", 0, (int)limit.Type, value, 0);
    }

    /// <summary>The same for a process in a user namespace of its own, by the runtime, which has the rights outside that such a process lacks.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="process">The process.</param>
    /// <param name="pid">The child, once it is there.</param>
    public static void PropertiesFromOutside(ContainerPlan plan, Process process, Func<int> pid)
    {
        if (process.OomScoreAdj is { } score)
        {
            plan.Add(new HostStep
            {
                Title = "Set the child's out-of-memory score",
                Why = "in its user namespace it has no right to lower it",
                Field = "/process/oomScoreAdj",
                Hint = ScoreHint,
                Do = () =>
                {
                    using Descriptor file = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, $"/proc/{pid()}/oom_score_adj", OpenFlags.WriteOnly);
                    Kernel.Write(file.Number, Encoding.ASCII.GetBytes(score.ToString(CultureInfo.InvariantCulture)));
                },
                Calls = () => [$"write(</proc/PID/oom_score_adj>, \"{score}\")"],
            });
        }
        for (int i = 0; i < process.Rlimits.Count; i++)
        {
            if (Early(process.Rlimits[i]) is not { } limit) continue;
            plan.Add(new HostStep
            {
                Title = $"Set {SpecWords.Of(limit.Type)} of the child",
                Why = "in its user namespace it has no right to raise a hard limit",
                Field = $"/process/rlimits/{i}",
                Hint = error => LimitHint(error, limit),
                Do = () => Kernel.SetLimit(pid(), (int)limit.Type, limit.Soft, limit.Hard),
                Calls = () => [$"prlimit64(PID, {SpecWords.Of(limit.Type)}, {{rlim_cur={limit.Soft}, rlim_max={limit.Hard}}}, NULL)"],
            });
        }
    }

    private static string? ScoreHint(Errno error) => error is Errno.EACCES or Errno.EPERM ? "only root (CAP_SYS_RESOURCE) may lower it below the caller's own" : null;

    private static string? LimitHint(Errno error, Rlimit limit) => error is Errno.EPERM ? $"the hard limit of {SpecWords.Of(limit.Type)} is higher than this caller may set it (CAP_SYS_RESOURCE)" : null;

    /// <summary>A pty of the container's devpts; its other end goes to the runtime by descriptor.</summary>
    public static void OpenTerminal(OciInside inside, Process process, bool console)
    {
        if (!process.Terminal) return;
        inside.Add("Open a terminal of the container's devpts", "by descriptor from the start: what lies at /dev/console or /dev/pts meanwhile is not looked at (CVE-2025-52565)", "/process/terminal",
            program =>
            {
                Register pts = program.OpenBeneath(inside.Root, "dev/pts", MakeMissing.Nothing, "/dev/pts");
                Register master = program.NewRegister("pty master");
                inside.Terminal = program.NewRegister("pty");
                long flags = (long)(OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal | OpenFlags.CloseOnExec).Value;
                program.Call(SystemCallNumber.Openat, $"openat({pts}, \"ptmx\", O_RDWR|O_NOCTTY|O_CLOEXEC)", pts, program.String("ptmx"), flags).To(master);
                program.Call(SystemCallNumber.Ioctl, $"ioctl({master}, TIOCSPTLCK, [0])", master, TiocsPtLck, program.Structure(0L));
                program.Call(SystemCallNumber.Ioctl, $"ioctl({master}, TIOCGPTPEER, O_RDWR|O_NOCTTY|O_CLOEXEC)", master, TiocgPtPeer, flags).To(inside.Terminal);
                if (process.User.Uid != 0) program.Call(SystemCallNumber.Fchown, $"fchown({inside.Terminal}, {process.User.Uid}, -1)", inside.Terminal, process.User.Uid, -1);
                if (process.ConsoleSize is { } size)
                {
                    Data window = program.Bytes(MemoryMarshal.AsBytes<ushort>([(ushort)size.Height, (ushort)size.Width, 0, 0]));
                    program.Call(SystemCallNumber.Ioctl, $"ioctl({master}, TIOCSWINSZ, {{{size.Height}, {size.Width}}})", master, TiocsWinSz, window);
                }
                if (console) program.Attach(program.CloneTree(inside.Terminal, "console"), program.OpenBeneath(inside.Root, "dev/console", MakeMissing.File, "/dev/console"));
                program.SendDescriptor(MessageKind.Console, master);
            },
            static error => error is Errno.ENOENT ? "a terminal needs a devpts at /dev/pts: /mounts has none" : null);
    }

    /// <summary>Session and terminal.</summary>
    public static void StartSession(OciInside inside, Process process) => inside.Add("Start a session", "a session of its own: the program cannot push characters into the caller's terminal (TIOCSTI)", null,
        program =>
        {
            program.Call(SystemCallNumber.Setsid, $"setsid()");
            if (!process.Terminal) return;
            program.Call(SystemCallNumber.Ioctl, $"ioctl({inside.Terminal}, TIOCSCTTY, 0)", inside.Terminal, TiocSctty, 0);
            for (int stream = 0; stream < 3; stream++) program.Call(SystemCallNumber.Dup3, $"dup3({inside.Terminal}, {stream}, 0)", inside.Terminal, stream, 0);
        });

    /// <summary>Bounding set, groups, user, directory: everything but what a filter and <c>start</c> come before.</summary>
    public static void Become(OciInside inside, Process process, bool singleId)
    {
        inside.Add("Take capabilities out of the bounding set", "what is not in it can never be had again, whatever is executed", "/process/capabilities/bounding",
            program =>
            {
                ulong bounding = OciCapabilities.Bits(process.Capabilities?.Bounding);
                for (int capability = 0; capability < CapabilitySet.Count; capability++)
                {
                    if ((bounding & (1UL << capability)) == 0)
                        program.Call(SystemCallNumber.Prctl, $"prctl(PR_CAPBSET_DROP, {new Words(CapabilitySet.NameOf(capability))})", PrCapbsetDrop, capability, 0, 0, 0).Tolerate(Errno.EINVAL);
                }
            });
        inside.Add("Enter the working directory", "opened beneath the root and made where it is missing; and looked at once more, that it is not outside (CVE-2024-21626)", "/process/cwd",
            program =>
            {
                Register directory = program.OpenBeneath(inside.Root, process.Cwd, MakeMissing.Directory, process.Cwd);
                program.Call(SystemCallNumber.Fchdir, $"fchdir({directory})", directory);
                program.CheckDirectory();
            },
            error => error is Errno.ENOTDIR ? $"{process.Cwd} is not a directory in this root" : null);
        OciSchedulingSteps.Add(inside, process);
        GiveStreams(inside, process);
        inside.Add("Become the user", "groups first, then the group, then the user; the list of groups is set even when it is empty (CVE-2022-36109)", "/process/user",
            program =>
            {
                User user = process.User;
                if (!singleId)
                {
                    uint[] groups = [.. user.AdditionalGids];
                    program.Call(SystemCallNumber.Setgroups, $"setgroups({groups.Length}, [{new Words(string.Join(", ", groups))}])", groups.Length, program.Bytes(MemoryMarshal.AsBytes<uint>(groups)));
                }
                // Capabilities are kept over the change of the user, and set to what the document names right before the program.
                program.Call(SystemCallNumber.Prctl, $"prctl(PR_SET_KEEPCAPS, 1)", PrSetKeepCaps, 1, 0, 0, 0);
                program.Call(SystemCallNumber.Setresgid, $"setresgid({user.Gid}, {user.Gid}, {user.Gid})", user.Gid, user.Gid, user.Gid);
                program.Call(SystemCallNumber.Setresuid, $"setresuid({user.Uid}, {user.Uid}, {user.Uid})", user.Uid, user.Uid, user.Uid);
                program.Call(SystemCallNumber.Umask, $"umask(0{new Words(Convert.ToString((int)(user.Umask ?? 0x12), 8))})", (int)(user.Umask ?? 0x12));
            },
            static error => error is Errno.EINVAL ? "that id does not exist in the container's user namespace: /linux/uidMappings has no place for it" : null);
    }

    // Pipes and sockets only: what a program opens anew by /dev/stdout must be its user's. A terminal or a file of the caller's is not ours to give away.
    private static void GiveStreams(OciInside inside, Process process)
    {
        if (process.Terminal) return;
        int[] given = [.. Enumerable.Range(0, 3).Where(stream => Kernel.TryStatx(stream, "", follow: false, out FileStatus status) >= 0 && status.Type is FileTypes.Fifo or FileTypes.Socket && status.Uid != process.User.Uid)];
        if (given.Length == 0) return;
        inside.Add("Give the standard streams to the user", "they were made outside; the program could not open /dev/stdout anew, which is one of them", "/process/user",
            program =>
            {
                foreach (int stream in given)
                    program.Call(SystemCallNumber.Fchown, $"fchown({stream}, {process.User.Uid}, -1)", stream, process.User.Uid, -1).Tolerate(Errno.EPERM, Errno.EROFS, Errno.EINVAL);
            });
    }

    /// <summary>The program is looked for, so that <c>create</c> can say that it is not there.</summary>
    public static void Find(OciInside inside, Process process) => inside.Add("Look for the program", "so that whoever creates the container learns that it is not there, and not only who starts it", FindField,
        program =>
        {
            IReadOnlyList<string> candidates = ExecutablePath.Candidates(process.Args[0], process.Env);
            var found = new Label();
            for (int i = 0; i < candidates.Count; i++)
            {
                var next = new Label();
                CallHandle call = program.Call(SystemCallNumber.Faccessat2, $"faccessat2(AT_FDCWD, {candidates[i]}, X_OK, AT_EACCESS)", Linux.Text.Strace.CurrentDirectory, program.String(candidates[i]), 1, 0x200);
                if (i < candidates.Count - 1) call.OnErrorGoTo(next, Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES);
                // A directory can be executed by its mode, and not by anybody: execve says so, and has changed nothing then.
                Register file = program.NewRegister(candidates[i]);
                program.Call(SystemCallNumber.Openat, $"openat(AT_FDCWD, {candidates[i]}, O_PATH|O_CLOEXEC)", Linux.Text.Strace.CurrentDirectory, program.String(candidates[i]),
                    (long)(OpenFlags.PathOnly | OpenFlags.CloseOnExec).Value).To(file);
                program.JumpUnlessDirectory(file, found);
                CallHandle directory = program.Call(SystemCallNumber.Execveat, $"execveat({file}, \"\", NULL, NULL, AT_EMPTY_PATH)", file, program.String(""), 0, 0, 0x1000);
                if (i < candidates.Count - 1) directory.OnErrorGoTo(next, Errno.EACCES);
                program.Place(next);
            }
            program.Place(found);
        },
        error => error is Errno.ENOENT or Errno.ENOTDIR ? $"exec: \"{process.Args[0]}\": executable file not found in $PATH" : error is Errno.EACCES ? $"exec: \"{process.Args[0]}\": permission denied" : null);

    /// <summary>No more than the document gives: the last step before the filter and the program.</summary>
    private static void Limit(OciInside inside, Process process)
    {
        inside.Add("Set the capabilities", "the sets of the document; nothing is inheritable unless it says so (CVE-2022-24769)", "/process/capabilities",
            program =>
            {
                LinuxCapabilities? sets = process.Capabilities;
                ulong effective = OciCapabilities.Bits(sets?.Effective), permitted = OciCapabilities.Bits(sets?.Permitted), inheritable = OciCapabilities.Bits(sets?.Inheritable), ambient = OciCapabilities.Bits(sets?.Ambient);
                SetCapabilities(program, effective, permitted, inheritable);
                program.Call(SystemCallNumber.Prctl, $"prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)", PrCapAmbient, AmbientClearAll, 0, 0, 0);
                for (int capability = 0; capability < CapabilitySet.Count; capability++)
                {
                    if ((ambient & (1UL << capability)) != 0)
                        program.Call(SystemCallNumber.Prctl, $"prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, {new Words(CapabilitySet.NameOf(capability))}, 0, 0)", PrCapAmbient, AmbientRaise, capability, 0, 0).Tolerate(Errno.EPERM);
                }
            },
            static error => error is Errno.EPERM ? "the caller does not have all of these capabilities itself" : null);
        if (process.NoNewPrivileges)
        {
            inside.Add("Forbid new privileges", "no program executed from here on gains any (set-user-id, file capabilities); it cannot be undone", "/process/noNewPrivileges",
                static program => program.Call(SystemCallNumber.Prctl, $"prctl(PR_SET_NO_NEW_PRIVS, 1)", PrSetNoNewPrivs, 1, 0, 0, 0));
        }
    }

    // The change from root to another user leaves the permitted set (PR_SET_KEEPCAPS), and nothing in force.
    private static void TakeBack(OciInside inside, Process process)
    {
        if (process.User.Uid == 0) return;
        inside.Add("Take back the right to filter", "another user than root has none in force; without no_new_privs seccomp(2) wants CAP_SYS_ADMIN", "/process/capabilities",
            program =>
            {
                ulong filters = 1UL << CapabilitySet.NumberOf("SYS_ADMIN", "");
                SetCapabilities(program, OciCapabilities.Bits(process.Capabilities?.Effective) | filters, OciCapabilities.Bits(process.Capabilities?.Permitted) | filters, OciCapabilities.Bits(process.Capabilities?.Inheritable));
            },
            static error => error is Errno.EPERM ? "the caller does not have CAP_SYS_ADMIN, or one of the program's capabilities, itself" : null);
    }

    private static void SetCapabilities(BootBuilder program, ulong effective, ulong permitted, ulong inheritable)
    {
        // struct __user_cap_header_struct, version 3; two __user_cap_data_struct: effective, permitted, inheritable, low words first.
        Data header = program.Structure(0x20080522L);
        Data data = program.Bytes(MemoryMarshal.AsBytes<uint>([(uint)effective, (uint)permitted, (uint)inheritable, (uint)(effective >> 32), (uint)(permitted >> 32), (uint)(inheritable >> 32)]));
        program.Call(SystemCallNumber.Capset, $"capset({{_LINUX_CAPABILITY_VERSION_3, 0}}, {{effective=0x{new Words(effective.ToString("x", CultureInfo.InvariantCulture))}, permitted=0x{new Words(permitted.ToString("x", CultureInfo.InvariantCulture))}, inheritable=0x{new Words(inheritable.ToString("x", CultureInfo.InvariantCulture))}}})", header, data);
    }

    /// <summary>The last steps of every process: the filter, what it may, its program.</summary>
    public static void Finish(OciInside inside, Process process, SeccompFilter? filter)
    {
        LimitOpenFiles(inside, process);
        // Without no_new_privs a filter needs CAP_SYS_ADMIN, which the program may not have: then it comes before the capabilities go.
        if (filter is not null && !process.NoNewPrivileges)
        {
            TakeBack(inside, process);
            Filter(inside, filter);
        }
        Limit(inside, process);
        if (filter is not null && process.NoNewPrivileges) Filter(inside, filter);
        Execute(inside, process);
    }

    /// <summary>The filter of system calls. What the child does after it passes the filter, so it comes as late as it can.</summary>
    private static void Filter(OciInside inside, SeccompFilter filter) => inside.Add("Filter system calls", "compiled here from the profile to ranges of numbers; it stays over execve and cannot be taken off", "/linux/seccomp",
        program =>
        {
            Data word = filter.Notifies ? program.AnnounceListener() : default;
            SeccompSteps.Install(program, filter);
            // Whatever is called from here on, the agent may be asked about: so it must have the descriptor before.
            if (filter.Notifies) program.AwaitTaken(word);
        },
        static error => error is Errno.EINVAL ? "this kernel does not know one of the profile's actions or flags: /proc/sys/kernel/seccomp/actions_avail" : null);

    /// <summary>The program.</summary>
    private static void Execute(OciInside inside, Process process) => inside.Add("Execute the program", "the child becomes the container's process; every descriptor of ours closes by itself", ExecuteField,
        program => program.Execute(ExecutablePath.Candidates(process.Args[0], process.Env), process.Args, process.Env));
}
