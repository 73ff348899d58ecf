using System.Globalization;
using System.Runtime.InteropServices;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan.Explain;
using Littlebox.Runtime.Request;
using Littlebox.Runtime.Users;

namespace Littlebox.Runtime.Steps;

/// <summary>The process: its terminal, its session, its directory, what it may do, who it is, and in the end its program.</summary>
internal static class ProcessSteps
{
    private const int PrSetPdeathsig = 1, PrCapbsetDrop = 24, PrCapAmbient = 47, ClearAll = 4;
    private const int TiocSctty = 0x540e, TiocsPtLck = 0x40045431, TiocgPtPeer = 0x5441;

    /// <summary>A pty of the container's own devpts, which is its /dev/console as well.</summary>
    public static void OpenTerminal(Inside inside) => inside.Add(
        "Open a terminal of the container's own",
        "its two ends come from the container's own devpts, so 'tty' inside names a file that exists; the other end goes to littlebox by descriptor, and /dev/console is bound from the descriptor as well, never from a path (CVE-2025-52565)",
        program =>
        {
            Register master = OpenPty(program, inside);
            program.WriteFile(inside.Dev, "console", []);
            program.Attach(program.CloneTree(inside.Terminal, "console"), program.OpenBeneath(inside.Root, "dev/console", MakeMissing.Nothing, "/dev/console"));
            program.SendDescriptor(MessageKind.Console, master);
        },
        field: "--tty",
        shell: static () => ["# util-linux cannot open a terminal of the container's own: the command keeps the one of this script"]);

    /// <summary>A pty for a second process.</summary>
    public static void OpenExecTerminal(Inside inside) => inside.Add(
        "Open a terminal of the container's devpts",
        "'tty' inside names a file that exists; the other end goes to littlebox by descriptor",
        program => program.SendDescriptor(MessageKind.Console, OpenPty(program, inside)),
        field: "--tty");

    /// <summary>A small first process.</summary>
    public static void StartInit(Inside inside) => inside.Add(
        "Put a small first process in front",
        "process 1 of a pid namespace must reap orphans, and signals without a handler do not reach it: this one reaps and forwards, the command becomes process 2",
        static program => program.Init(),
        field: "--init",
        shell: static () => ["# util-linux has no such process: the command is process 1 itself"]);

    /// <summary>Session and standard streams.</summary>
    public static void StartSession(Inside inside)
    {
        bool terminal = inside.Request.Terminal;
        inside.Add(
            terminal ? "Start a session on the terminal" : "Start a session",
            terminal ? "the terminal becomes the session's, for job control and Ctrl-C, and the three standard streams"
                : "a session of its own: the command cannot push characters into littlebox's terminal (TIOCSTI); without -i standard input is /dev/null",
            program =>
            {
                program.Call(SystemCallNumber.Setsid, $"setsid()");
                if (terminal)
                {
                    program.Call(SystemCallNumber.Ioctl, $"ioctl({inside.Terminal}, TIOCSCTTY, 0)", inside.Terminal, TiocSctty, 0);
                    for (int stream = 0; stream < 3; stream++) program.Call(SystemCallNumber.Dup3, $"dup3({inside.Terminal}, {stream}, 0)", inside.Terminal, stream, 0);
                }
                else if (!inside.Request.KeepInput)
                {
                    Register nothing = program.NewRegister("/dev/null");
                    program.Call(SystemCallNumber.Openat, $"openat({inside.Dev}, \"null\", O_RDONLY|O_NOFOLLOW|O_CLOEXEC)", inside.Dev, program.String("null"),
                        (long)(OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.CloseOnExec).Value).To(nothing);
                    program.Call(SystemCallNumber.Dup3, $"dup3({nothing}, 0, 0)", nothing, 0, 0);
                }
            },
            field: terminal ? "--tty" : inside.Request.KeepInput ? "--interactive" : null,
            shell: () => terminal || inside.Request.KeepInput ? [] : ["exec < /dev/null"]);
    }

    /// <summary>The working directory.</summary>
    public static void EnterDirectory(Inside inside) => inside.Add(
        "Enter the working directory",
        "opened beneath the root and made where it is missing; and looked at once more, that it is not outside (CVE-2024-21626)",
        program =>
        {
            Register directory = program.OpenBeneath(inside.Root, inside.Request.WorkingDirectory, MakeMissing.Directory, inside.Request.WorkingDirectory);
            program.Call(SystemCallNumber.Fchdir, $"fchdir({directory})", directory);
            program.CheckDirectory();
        },
        field: "--workdir",
        shell: () => inside.Request.WorkingDirectory == "/" ? ["cd /"] : [$"\"${{host[@]}}\" \"/proc/self/fd/$old/usr/bin/mkdir\" -p {ShellQuote.Word(inside.Request.WorkingDirectory)}; cd {ShellQuote.Word(inside.Request.WorkingDirectory)}"],
        hint: error => error switch
        {
            Errno.ENOTDIR => $"{inside.Request.WorkingDirectory} is not a directory in this root",
            Errno.EROFS => $"{inside.Request.WorkingDirectory} is missing and the root is read-only",
            _ => null,
        });

    /// <summary>Capabilities.</summary>
    public static void DropCapabilities(Inside inside, ulong permitted) => inside.Add(
        "Give up capabilities",
        "root inside is not root outside: what is not in the bounding set can never be had again, whatever is executed; nothing is inheritable (CVE-2022-24769)",
        program =>
        {
            ulong keep = inside.Request.Capabilities;
            for (int capability = 0; capability < CapabilitySet.Count; capability++)
            {
                if ((keep & (1UL << capability)) == 0)
                    program.Call(SystemCallNumber.Prctl, $"prctl(PR_CAPBSET_DROP, {new Words(CapabilitySet.NameOf(capability))})", PrCapbsetDrop, capability, 0, 0, 0).Tolerate(Errno.EINVAL);
            }
            program.Call(SystemCallNumber.Prctl, $"prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)", PrCapAmbient, ClearAll, 0, 0, 0);
            // struct __user_cap_header_struct, version 3; two __user_cap_data_struct: effective, permitted, inheritable, low words first.
            Data header = program.Structure(0x20080522L);
            uint low = (uint)permitted, high = (uint)(permitted >> 32);
            Data sets = program.Bytes(MemoryMarshal.AsBytes<uint>([low, low, 0, high, high, 0]));
            program.Call(SystemCallNumber.Capset, $"capset({{_LINUX_CAPABILITY_VERSION_3, 0}}, {{inheritable=0}})", header, sets);
        },
        field: "--cap-drop");

    /// <summary>User and groups.</summary>
    public static void BecomeUser(Inside inside) => inside.Add(
        "Become the user",
        "groups first, then the group, then the user, since after the user has changed the rest is forbidden; the list of groups is set even when it is empty (CVE-2022-36109)",
        program =>
        {
            UserIds user = inside.Request.User;
            if (inside.Request.Mappings is not { Single: true })
            {
                Data groups = program.Bytes(MemoryMarshal.AsBytes<uint>(user.Groups.ToArray()));
                CallHandle call = program.Call(SystemCallNumber.Setgroups, $"setgroups({user.Groups.Count}, [{new Words(string.Join(", ", user.Groups))}])", user.Groups.Count, groups);
                // In a user namespace that was joined it may be denied for good (user_namespaces(7)).
                if (inside.Request.Namespaces.User.Source == NamespaceSource.Path && user.Groups.Count == 0) call.Tolerate(Errno.EPERM);
            }
            program.Call(SystemCallNumber.Setresgid, $"setresgid({user.Gid}, {user.Gid}, {user.Gid})", user.Gid, user.Gid, user.Gid);
            program.Call(SystemCallNumber.Setresuid, $"setresuid({user.Uid}, {user.Uid}, {user.Uid})", user.Uid, user.Uid, user.Uid);
            program.Call(SystemCallNumber.Prctl, $"prctl(PR_SET_PDEATHSIG, SIGKILL)", PrSetPdeathsig, Signal.Kill);
        },
        field: "--user",
        hint: static error => error is Errno.EINVAL ? "that id does not exist in the container's user namespace: its id map has no place for it (see /etc/subuid, or --uidmap)" : null);

    /// <summary>The program.</summary>
    public static void Execute(Inside inside, bool first) => inside.Add(
        "Execute the command",
        first ? "the child becomes the container's process 1; every descriptor of ours closes by itself, signals are as a fresh process has them"
            : "the child becomes the command; every descriptor of ours closes by itself, signals are as a fresh process has them",
        program =>
        {
            program.Call(SystemCallNumber.Umask, $"umask(022)", 0x12);
            program.ResetSignals();
            program.CheckHost();
            program.Execute(ExecutablePath.Candidates(inside.Request.Command[0], inside.Request.Environment), inside.Request.Command, inside.Request.Environment);
        },
        field: "COMMAND",
        shell: () => Script(inside));

    private static Register OpenPty(BootBuilder program, Inside inside)
    {
        Register master = program.NewRegister("pty master");
        inside.Terminal = program.NewRegister("pty");
        long flags = (long)(OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal | OpenFlags.CloseOnExec).Value;
        program.Call(SystemCallNumber.Openat, $"openat({inside.Pts}, \"ptmx\", O_RDWR|O_NOCTTY|O_CLOEXEC)", inside.Pts, program.String("ptmx"), flags).To(master);
        program.Call(SystemCallNumber.Ioctl, $"ioctl({master}, TIOCSPTLCK, [0])", master, TiocsPtLck, program.Structure(0L));
        program.Call(SystemCallNumber.Ioctl, $"ioctl({master}, TIOCGPTPEER, O_RDWR|O_NOCTTY|O_CLOEXEC)", master, TiocgPtPeer, flags).To(inside.Terminal);
        UserIds user = inside.Request.User;
        if (user.Uid != 0) program.Call(SystemCallNumber.Fchown, $"fchown({inside.Terminal}, {user.Uid}, -1)", inside.Terminal, user.Uid, -1);
        return master;
    }

    // Everything by the old root's own loader; the last bash closes the descriptor of the old root, and whatever else it was given, before the command begins.
    private static IEnumerable<string> Script(Inside inside)
    {
        UserIds user = inside.Request.User;
        string keep = string.Concat(Enumerable.Range(0, CapabilitySet.Count).Where(number => (inside.Request.Capabilities & (1UL << number)) != 0)
            .Select(static number => ",+" + CapabilitySet.NameOf(number)[4..].ToLowerInvariant()));
        // With a single id, setgroups(2) is denied.
        string groups = inside.Request.Mappings is { Single: true } ? "--keep-groups" : user.Groups.Count == 0 ? "--clear-groups" : $"--groups={string.Join(',', user.Groups)}";
        yield return "umask 022";
        yield return $"exec {OldRoot("setsid")} \\";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"  {OldRoot("setpriv")} --bounding-set=-all{keep} --inh-caps=-all --reuid={user.Uid} --regid={user.Gid} {groups} -- \\");
        yield return $"  {OldRoot("env")} -i --default-signal {ShellQuote.Words(inside.Request.Environment)} \\";
        yield return $"  {OldRoot("bash")} -c 'for fd in /proc/self/fd/*; do fd=${{fd##*/}}; [ \"$fd\" -le 2 ] || eval \"exec $fd<&-\"; done; exec \"$@\"' bash {ShellQuote.Words(inside.Request.Command)}";
    }

    private static string OldRoot(string program) => $"\"${{host[@]}}\" \"/proc/self/fd/$old/usr/bin/{program}\"";
}
