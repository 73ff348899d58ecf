using System.Globalization;
using System.Text;

namespace Littlebox.Linux.Tests.Abi;

/// <summary>Asks the C headers of this machine for the values of constants. The kernel's and libc's contradict each other, so there are several programs.</summary>
internal static class KernelHeaders
{
    public const string Kernel = """
        #include <stddef.h>
        #include <stdio.h>
        #include <asm/unistd.h>
        #include <asm/errno.h>
        #include <asm/fcntl.h>
        #include <asm/ioctls.h>
        #include <asm/poll.h>
        #include <asm/termbits.h>
        #include <asm/termios.h>
        #include <linux/auxvec.h>
        #include <linux/bpf.h>
        #include <linux/capability.h>
        #include <linux/close_range.h>
        #include <linux/elf.h>
        #include <linux/eventpoll.h>
        #include <linux/fcntl.h>
        #include <linux/fs.h>
        #include <linux/if.h>
        #include <linux/if_addr.h>
        #include <linux/if_link.h>
        #include <linux/kcmp.h>
        #include <linux/magic.h>
        #include <linux/memfd.h>
        #include <linux/mount.h>
        #include <linux/netlink.h>
        #include <linux/nsfs.h>
        #include <linux/openat2.h>
        #include <linux/pidfd.h>
        #include <linux/prctl.h>
        #include <linux/rtnetlink.h>
        #include <linux/sched.h>
        #include <linux/seccomp.h>
        #include <linux/securebits.h>
        #include <linux/sockios.h>
        #include <linux/stat.h>
        #include <linux/wait.h>

        """;

    public const string Libc = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <poll.h>
        #include <sched.h>
        #include <signal.h>
        #include <stddef.h>
        #include <stdio.h>
        #include <string.h>
        #include <termios.h>
        #include <unistd.h>
        #include <sys/epoll.h>
        #include <sys/eventfd.h>
        #include <sys/file.h>
        #include <sys/ioctl.h>
        #include <sys/mman.h>
        #include <sys/mount.h>
        #include <sys/resource.h>
        #include <sys/signalfd.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/statfs.h>
        #include <sys/sysmacros.h>
        #include <sys/timerfd.h>
        #include <sys/uio.h>
        #include <sys/un.h>
        #include <sys/utsname.h>
        #include <sys/wait.h>

        """;

    private const string KernelSignals = """
        #include <stdio.h>
        #include <asm/signal.h>

        """;

    // Constants that the headers have as enumerators: #ifdef does not see them.
    private static readonly HashSet<string> Enumerators =
    [
        "FSCONFIG_SET_FLAG", "FSCONFIG_SET_STRING", "FSCONFIG_SET_BINARY", "FSCONFIG_SET_PATH", "FSCONFIG_SET_PATH_EMPTY", "FSCONFIG_SET_FD",
        "FSCONFIG_CMD_CREATE", "FSCONFIG_CMD_RECONFIGURE", "KCMP_FILE", "KCMP_VM", "KCMP_FILES", "KCMP_FS", "KCMP_SIGHAND", "KCMP_IO", "KCMP_SYSVSEM",
        "IFLA_IFNAME", "IFLA_LINKINFO", "IFLA_NET_NS_FD", "IFLA_NET_NS_PID", "IFLA_INFO_KIND", "IFLA_INFO_DATA", "RTM_NEWLINK", "RTM_DELLINK", "RTM_GETLINK",
        "RTM_SETLINK", "RTM_NEWADDR", "IFA_ADDRESS", "IFA_LOCAL", "IFA_BROADCAST", "IFA_FLAGS",
        "BPF_PROG_LOAD", "BPF_PROG_ATTACH", "BPF_PROG_DETACH", "BPF_PROG_GET_FD_BY_ID", "BPF_PROG_QUERY", "BPF_PROG_TYPE_CGROUP_DEVICE", "BPF_CGROUP_DEVICE",
    ];

    /// <summary>The values that the headers give; a name that they do not have is missing from the answer.</summary>
    public static Dictionary<string, ulong> Values(IEnumerable<string> names)
    {
        string[] asked = [.. names.Distinct(StringComparer.Ordinal)];
        var values = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach ((string headers, bool enumerators) in new[] { (Kernel, true), (Libc, false), (KernelSignals, false) })
        {
            var source = new StringBuilder(headers).AppendLine("int main(void) {");
            foreach (string name in asked)
            {
                string print = $"printf(\"{name} %llu\\n\", (unsigned long long)({name}));";
                if (Enumerators.Contains(name)) source.AppendLine(enumerators ? print : "");
                else source.AppendLine(CultureInfo.InvariantCulture, $"#ifdef {name}\n{print}\n#endif");
            }
            foreach (string line in CProgram.Run(source.AppendLine("return 0; }").ToString()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] words = line.Split(' ');
                values.TryAdd(words[0], ulong.Parse(words[1], CultureInfo.InvariantCulture));
            }
        }
        return values;
    }

    /// <summary>The numbers of arm64, whose table is the generic one; the switches are those of arch/arm64/include/uapi/asm/unistd.h.</summary>
    public static Dictionary<string, ulong> SystemCallsOfArm64(IEnumerable<string> names)
    {
        var source = new StringBuilder("""
            #define __BITS_PER_LONG 64
            #define __ARCH_WANT_RENAMEAT
            #define __ARCH_WANT_NEW_STAT
            #define __ARCH_WANT_SET_GET_RLIMIT
            #define __ARCH_WANT_TIME32_SYSCALLS
            #define __ARCH_WANT_SYS_CLONE3
            #define __ARCH_WANT_MEMFD_SECRET
            #define __ASM_X86_BITSPERLONG_H
            #include <asm-generic/unistd.h>

            """);
        foreach (string name in names) source.AppendLine(CultureInfo.InvariantCulture, $"#ifdef __NR_{name}\n@{name} __NR_{name}\n#endif");
        return CProgram.Preprocess(source.ToString()).Split('\n').Where(line => line.StartsWith('@')).Select(line => line[1..].Split(' '))
            .ToDictionary(words => words[0], words => ulong.Parse(words[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}
