using System.Globalization;
using System.Text;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan;

namespace Littlebox.Runtime.Ids;

/// <summary>Writes the id maps of a child that waits for them (user_namespaces(7)).</summary>
public static class IdMapWriter
{
    /// <summary>Waits until the child is ready, writes its maps, lets it go on.</summary>
    /// <exception cref="LittleboxException">newuidmap is missing, or refused.</exception>
    public static void Write(ChildSession session, IdMappings maps)
    {
        if (!session.Await(MessageKind.Ready)) throw new SystemCallException("recvfrom(channel)", Errno.ECONNRESET);
        Write(session.Child.Pid, maps);
        session.Child.Answer();
    }

    /// <summary>Writes the maps of a process that waits for them.</summary>
    /// <exception cref="LittleboxException">newuidmap is missing, or refused.</exception>
    /// <exception cref="SystemCallException">The kernel refuses them.</exception>
    public static void Write(int pid, IdMappings maps)
    {
        if (maps.ByHelper)
        {
            RunHelper("newuidmap", pid, maps.Uids);
            RunHelper("newgidmap", pid, maps.Gids);
        }
        else
        {
            if (maps.Single) WriteFile(pid, "setgroups", "deny");
            WriteFile(pid, "uid_map", Text(maps.Uids));
            WriteFile(pid, "gid_map", Text(maps.Gids));
        }
    }

    /// <summary>The calls, for explain.</summary>
    public static IEnumerable<string> Describe(IdMappings maps)
    {
        if (maps.ByHelper) return [$"newuidmap PID {string.Join(' ', maps.Uids)}", $"newgidmap PID {string.Join(' ', maps.Gids)}"];
        string[] writes = [$"write(</proc/PID/uid_map>, {Linux.Text.Strace.Quote(Text(maps.Uids))})", $"write(</proc/PID/gid_map>, {Linux.Text.Strace.Quote(Text(maps.Gids))})"];
        return maps.Single ? ["write(</proc/PID/setgroups>, \"deny\")", .. writes] : writes;
    }

    private static string Text(IReadOnlyList<IdRange> ranges) => string.Join('\n', ranges) + "\n";

    private static void WriteFile(int pid, string name, string content)
    {
        using Descriptor file = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, $"/proc/{pid}/{name}", OpenFlags.WriteOnly);
        // The kernel takes a map in one write only.
        Kernel.Write(file.Number, Encoding.ASCII.GetBytes(content));
    }

    private static void RunHelper(string program, int pid, IReadOnlyList<IdRange> ranges)
    {
        List<string> arguments = [program, pid.ToString(CultureInfo.InvariantCulture)];
        foreach (IdRange range in ranges) arguments.AddRange(range.ToString().Split(' '));
        (int code, string output) = HostProgram.Run(program, arguments);
        if (code == 0) return;
        if (code == 127)
            throw new LittleboxException(ErrorKind.NotSupported, $"{program} is not installed: it maps the subordinate ids of ordinary users; install the package uidmap (Debian: {Remedies.Uidmap}) or shadow-utils, or use --uidmap=0:{Kernel.EffectiveUid}:1 for a single id");
        throw new LittleboxException(ErrorKind.SystemError, $"{program} refused the id map: /etc/subuid and /etc/subgid must give these ranges to this user ('{Remedies.SubordinateIds(SubordinateIds.NameOf(Kernel.EffectiveUid) ?? "USER")}')", $"{string.Join(' ', arguments)}: {output.Trim()}");
    }
}
