using System.Globalization;
using Littlebox.Cli.Terminal;
using Littlebox.Cli.Verbs.Ns;
using Littlebox.Linux;
using Littlebox.Namespaces;

namespace Littlebox.Cli.Verbs.Learn;

/// <summary>The two tables of the walkthrough: lsns, and the inodes of two processes side by side.</summary>
internal static class NamespaceTables
{
    /// <summary>The namespaces of a process, as lsns lists them.</summary>
    public static string List(int pid, LessonPage page)
    {
        using OpenNamespaces target = TargetResolver.OpenProcess(pid, "", null);
        HashSet<NamespaceId> its = [.. target.Kinds.Select(kind => target[kind]!.Value)];
        var users = new UserNames();
        var table = new TextTable(">NS", "TYPE", ">NPROCS", ">PID", "USER", "COMMAND");
        foreach (LiveNamespace space in NamespaceSurvey.Take(new SurveyScope(Descriptors: false, Sockets: false, Mounts: false)).All.Where(space => its.Contains(space.Id)))
        {
            table.Add(space.Inode.ToString(CultureInfo.InvariantCulture), NamespaceKinds.NameOf(space.Kind), space.ProcessCount.ToString(CultureInfo.InvariantCulture),
                space.Leader?.Pid.ToString(CultureInfo.InvariantCulture) ?? "-", space.Leader is null ? "-" : users[space.Leader.Uid], space.Leader?.Command ?? "");
        }
        return page.Table("$ lsns", table.Render());
    }

    /// <summary>The inodes of littlebox and of the container.</summary>
    public static string Compare(int pid, string name, LessonPage page)
    {
        using OpenNamespaces ours = TargetResolver.OpenProcess(Kernel.ProcessId, "littlebox", null), theirs = TargetResolver.OpenProcess(pid, name, null);
        var table = new TextTable("", ">littlebox", $">{name}", "");
        foreach (DiffRow row in NamespaceDiff.Compare(ours, theirs))
            table.Add(NamespaceKinds.NameOf(row.Kind), Inode(row.A), Inode(row.B), row.Same == true ? "the same" : "another");
        return page.Table(string.Create(CultureInfo.InvariantCulture, $"$ ls -Lli /proc/{Kernel.ProcessId}/ns /proc/{pid}/ns"), table.Render());
    }

    private static string Inode(ulong? inode) => inode?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
