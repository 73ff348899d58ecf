using System.Runtime.InteropServices;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan.Explain;
using Littlebox.Runtime.Request;

namespace Littlebox.Runtime.Steps;

/// <summary>Who the child is before anything is mounted: its life, its ids in a user namespace, its loopback link and its host name.</summary>
internal static class IdentitySteps
{
    private const int PrSetPdeathsig = 1;

    /// <summary>The container ends with littlebox.</summary>
    public static void TieLife(Inside inside) => inside.Add(
        "Tie the container's life to littlebox",
        "if littlebox is killed, the kernel kills the container's first process, and with it the whole pid namespace; first, so that no moment is left out",
        static program =>
        {
            program.Call(SystemCallNumber.Prctl, $"prctl(PR_SET_PDEATHSIG, SIGKILL)", PrSetPdeathsig, Signal.Kill);
            program.Call(SystemCallNumber.Umask, $"umask(0)", 0);
        });

    /// <summary>The child waits for its id maps.</summary>
    public static void AwaitMaps(Inside inside) => inside.Add(
        "Wait until the id maps are written",
        "a new user namespace knows no ids; whoever stands outside must say which ones are which, before the child can be anybody in it",
        static program => program.Report(MessageKind.Ready),
        field: "--userns");

    /// <summary>Root of the user namespace, for all that is built.</summary>
    public static void BecomeRoot(Inside inside) => inside.Add(
        "Become root of the user namespace",
        "files that are made from here on belong to the container's root, and the kernel refuses files of ids that are not mapped; paths of the host have been opened before",
        program =>
        {
            // Denied where a single id is mapped; the groups then stay, and give nothing: they are not mapped.
            program.Call(SystemCallNumber.Setgroups, $"setgroups(0, NULL)", 0, 0).Tolerate(Errno.EPERM);
            program.Call(SystemCallNumber.Setresgid, $"setresgid(0, 0, 0)", 0, 0, 0);
            program.Call(SystemCallNumber.Setresuid, $"setresuid(0, 0, 0)", 0, 0, 0);
            // A change of ids clears it.
            program.Call(SystemCallNumber.Prctl, $"prctl(PR_SET_PDEATHSIG, SIGKILL)", PrSetPdeathsig, Signal.Kill);
        },
        field: "--userns");

    /// <summary>An ipc namespace of the container's root.</summary>
    public static void MakeIpc(Inside inside) => inside.Add(
        "Make an ipc namespace",
        "its message queues belong to whoever makes it, so it is made by the root of the user namespace: until now the child was nobody there",
        static program => program.Call(SystemCallNumber.Unshare, $"unshare(CLONE_NEWIPC)", (long)NamespaceFlags.Ipc),
        field: "--ipc");

    /// <summary>Joins a namespace by its descriptor.</summary>
    public static void Join(Inside inside, string what, string field, string path, NamespaceFlags kind, Func<int> descriptor) => inside.Add(
        $"Join the {what} namespace",
        $"{path} exists already; the container shares it instead of getting its own",
        program => program.Call(SystemCallNumber.Setns, $"setns(<{new Words(path)}>, {new Words(CallFlags.Of(kind))})", descriptor(), (long)kind),
        field);

    /// <summary>Link lo up.</summary>
    public static void Loopback(Inside inside) => inside.Add(
        "Switch the loopback link on",
        "a new network namespace has one link, lo, and it is down: without it a program cannot even talk to itself on 127.0.0.1",
        static program =>
        {
            Register socket = program.NewRegister("socket");
            program.Call(SystemCallNumber.Socket, $"socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, 0)", 2, 2 | 0x80000, 0).To(socket);
            // struct ifreq: 16 bytes of name, then the flags; IFF_UP|IFF_RUNNING
            Data request = program.Bytes([(byte)'l', (byte)'o', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x41, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            program.Call(SystemCallNumber.Ioctl, $"ioctl({socket}, SIOCSIFFLAGS, {{ifr_name=\"lo\", ifr_flags=IFF_UP|IFF_RUNNING}})", socket, 0x8914, request);
        },
        field: "--net",
        shell: static () => ["ip link set lo up"]);

    /// <summary>The host name.</summary>
    public static void HostName(Inside inside) => inside.Add(
        "Give the container its host name",
        "the uts namespace holds it; the host's own name does not change",
        program => program.Call(SystemCallNumber.Sethostname, $"sethostname({inside.Request.HostName}, {inside.Request.HostName.Length})",
            program.String(inside.Request.HostName), inside.Request.HostName.Length),
        field: "--hostname",
        shell: () => [$"hostname {ShellQuote.Word(inside.Request.HostName)}"]);
}
