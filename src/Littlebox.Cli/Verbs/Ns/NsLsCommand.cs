using System.Globalization;
using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Linux;
using Littlebox.Namespaces;

namespace Littlebox.Cli.Verbs.Ns;

/// <summary><c>littlebox ns ls</c>.</summary>
internal static class NsLsCommand
{
    /// <summary>Prints the list.</summary>
    public static int Run(ParsedArguments arguments)
    {
        HashSet<NamespaceId>? wanted = arguments.Words.Count > 0 ? NsContext.Identify(arguments.Words[0]) : null;
        NamespaceFlags types = NsContext.Types(arguments);
        NamespaceSurvey survey = NamespaceSurvey.Take();
        List<LiveNamespace> chosen = [.. survey.All.Where(space => types.HasFlag(space.Kind) && wanted?.Contains(space.Id) is not false)];
        if (arguments.Has("quiet")) Output.Write(string.Concat(chosen.Select(space => $"{space.Inode}\n")));
        else if (arguments.Has("json")) Output.Write(Json(chosen));
        else Output.Write(Table(chosen));
        NsContext.TellHidden(survey);
        return 0;
    }

    private static string Json(List<LiveNamespace> chosen)
    {
        var users = new UserNames();
        return NsJson.Document(json =>
        {
            json.WriteStartArray();
            foreach (LiveNamespace space in chosen) NsJson.Write(json, space, users);
            json.WriteEndArray();
        });
    }

    private static string Table(List<LiveNamespace> chosen)
    {
        var users = new UserNames();
        var table = new TextTable(">NS", "TYPE", ">NPROCS", ">PID", "USER", "HELD BY", "COMMAND");
        foreach (LiveNamespace space in chosen)
        {
            table.Add(
                space.Inode.ToString(CultureInfo.InvariantCulture), NamespaceKinds.NameOf(space.Kind), space.ProcessCount.ToString(CultureInfo.InvariantCulture),
                space.Leader?.Pid.ToString(CultureInfo.InvariantCulture) ?? "-", space.Leader is null ? "-" : users[space.Leader.Uid],
                string.Join(',', space.Holders.Select(holder => holder.Word).Distinct()),
                space.Leader?.Command ?? (space.Holders.Count > 0 ? $"({space.Holders[0].Describe()})" : ""));
        }
        return table.Render(Kernel.IsTerminal(Output.Out) ? Output.Columns(Output.Out) : 0);
    }
}
