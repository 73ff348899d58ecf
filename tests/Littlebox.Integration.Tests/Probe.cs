using System.Text.RegularExpressions;

namespace Littlebox.Integration.Tests;

/// <summary>What a process in a container sees of itself and its surroundings, asked from inside by a shell script of busybox.</summary>
public static partial class Probe
{
    /// <summary>Prints sections, each behind a line <c>== NAME</c>.</summary>
    public const string Script = """
        section() { echo "== $1"; }
        section hostname; hostname
        section directory; pwd
        section mask; umask
        section environment; env | sort
        section status; grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp|SigBlk|SigIgn)' /proc/self/status
        section session; read -r stat < /proc/$$/stat; set -- ${stat##*)}; echo "group $3 session $4 terminal $5"
        section processes; for entry in /proc/[0-9]*; do read -r name < $entry/comm && echo "${entry#/proc/} $name"; done 2>/dev/null
        section descriptors; for entry in /proc/$$/fd/*; do echo "${entry##*/}"; done
        section limits; ulimit -a
        section ids; cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups
        section namespaces; for kind in cgroup ipc mnt net pid time user uts; do readlink /proc/self/ns/$kind; done
        section cgroups; cat /proc/self/cgroup
        section links; ip -o link show | cut -d' ' -f2,3
        section mounts; cat /proc/self/mountinfo
        section dev; ls -ln /dev | sed -E 's/ +[A-Z][a-z]{2} +[0-9]+ +[0-9:]+ / /; /^total/d'
        section files; for file in hostname hosts resolv.conf; do echo "$file:"; cat /etc/$file; done
        section masked; for path in /proc/keys /proc/timer_list /proc/interrupts /sys/firmware; do echo $path $(head -c 1 $path 2>/dev/null | wc -c) $(ls $path | wc -l); done
        section written; ls -ln / /etc | sed -E 's/^([^ ]+) +[0-9]+ +/\1 /; s/ +[0-9]+ +[A-Z][a-z]{2} +[0-9]+ +[0-9:]+ / /; /^total/d'
        """;

    /// <summary>The sections of what the script printed.</summary>
    public static Dictionary<string, string[]> Read(string output)
    {
        var sections = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (string part in ("\n" + output).Split("\n== ")[1..])
        {
            string[] lines = part.TrimEnd('\n').Split('\n');
            sections.Add(lines[0], lines[1..]);
        }
        return sections;
    }

    /// <summary>
    /// Lines of mountinfo(5) without what differs from one run to the next: the ids, the device, and the paths of the container's own directory.
    /// </summary>
    public static string[] Mounts(IEnumerable<string> lines) =>
        [.. lines.Select(line => OwnPath().Replace(WithoutIds().Replace(line, ""), "BOX/"))];

    /// <summary>Only the mount points, in their order.</summary>
    public static string[] MountPoints(IEnumerable<string> lines) => [.. lines.Select(line => line.Split(' ')[4])];

    [GeneratedRegex(@"^\d+ \d+ \d+:\d+ ")]
    private static partial Regex WithoutIds();

    [GeneratedRegex(@"(?<==)[^ =]*?/(?=(upper|work|lower)(-\d+)?\b)")]
    private static partial Regex OwnPath();
}
