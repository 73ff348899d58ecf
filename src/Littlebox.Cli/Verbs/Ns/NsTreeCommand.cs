using System.Text;
using System.Text.Json;
using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Linux;
using Littlebox.Namespaces;

namespace Littlebox.Cli.Verbs.Ns;

/// <summary><c>littlebox ns tree</c>.</summary>
internal static class NsTreeCommand
{
    /// <summary>Prints the tree.</summary>
    public static int Run(ParsedArguments arguments)
    {
        NamespaceSurvey survey = NamespaceSurvey.Take();
        var users = new UserNames();
        Output.Write(arguments.Has("json") ? Json(survey, users) : Text(survey, users));
        NsContext.TellHidden(survey);
        return 0;
    }

    private static string Text(NamespaceSurvey survey, UserNames users)
    {
        var text = new StringBuilder();
        foreach (LiveNamespace root in Roots(survey, NamespaceFlags.User)) Owners(text, survey, users, root, "", "");
        List<LiveNamespace> strays = [.. survey.All.Where(space => space.Kind is not NamespaceFlags.User && Known(survey, space.Owner) is null)];
        if (strays.Count > 0)
        {
            text.Append("owner not visible from here\n");
            for (int i = 0; i < strays.Count; i++) text.Append(i == strays.Count - 1 ? "└─" : "├─").Append(Describe(strays[i], users)).Append('\n');
        }
        foreach (LiveNamespace root in Roots(survey, NamespaceFlags.Pid))
        {
            text.Append('\n');
            Parents(text, survey, users, root, "", "");
        }
        return text.ToString();
    }

    /// <summary>A user namespace, what it owns, and the user namespaces below it.</summary>
    private static void Owners(StringBuilder text, NamespaceSurvey survey, UserNames users, LiveNamespace space, string first, string indent)
    {
        text.Append(first).Append(Describe(space, users)).Append('\n');
        List<LiveNamespace> owned = Owned(survey, space), children = Children(survey, space);
        for (int i = 0; i < owned.Count; i++)
            text.Append(indent).Append(i == owned.Count - 1 && children.Count == 0 ? "└─" : "├─").Append(Describe(owned[i], users)).Append('\n');
        for (int i = 0; i < children.Count; i++)
        {
            bool last = i == children.Count - 1;
            Owners(text, survey, users, children[i], indent + (last ? "└─" : "├─"), indent + (last ? "  " : "│ "));
        }
    }

    private static void Parents(StringBuilder text, NamespaceSurvey survey, UserNames users, LiveNamespace space, string first, string indent)
    {
        text.Append(first).Append(Describe(space, users)).Append('\n');
        List<LiveNamespace> children = Children(survey, space);
        for (int i = 0; i < children.Count; i++)
        {
            bool last = i == children.Count - 1;
            Parents(text, survey, users, children[i], indent + (last ? "└─" : "├─"), indent + (last ? "  " : "│ "));
        }
    }

    private static string Describe(LiveNamespace space, UserNames users)
    {
        string maker = space.MakerUid is { } uid ? $" of {users[uid]}" : "";
        string inside = space.Leader is { } leader
            ? $"{NsContext.Count(space.ProcessCount, "process", "processes")}, {leader.Pid} {leader.Command}"
            : space.Holders.Count > 0 ? space.Holders[0].Describe() : "";
        return TextTable.Clean($"{space.Id}{maker}  {inside}");
    }

    private static string Json(NamespaceSurvey survey, UserNames users) => NsJson.Document(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("owners"u8);
        foreach (LiveNamespace root in Roots(survey, NamespaceFlags.User)) Branch(json, survey, users, root);
        json.WriteEndArray();
        json.WriteStartArray("pids"u8);
        foreach (LiveNamespace root in Roots(survey, NamespaceFlags.Pid)) Branch(json, survey, users, root);
        json.WriteEndArray();
        json.WriteStartArray("ownerNotVisible"u8);
        foreach (LiveNamespace space in survey.All)
        {
            if (space.Kind is not NamespaceFlags.User && Known(survey, space.Owner) is null) NsJson.Write(json, space, users, holders: false);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Branch(Utf8JsonWriter json, NamespaceSurvey survey, UserNames users, LiveNamespace space) => NsJson.Write(json, space, users, holders: false, () =>
    {
        if (space.Kind is NamespaceFlags.User)
        {
            json.WriteStartArray("owns"u8);
            foreach (LiveNamespace owned in Owned(survey, space)) NsJson.Write(json, owned, users, holders: false);
            json.WriteEndArray();
        }
        json.WriteStartArray("children"u8);
        foreach (LiveNamespace child in Children(survey, space)) Branch(json, survey, users, child);
        json.WriteEndArray();
    });

    private static IEnumerable<LiveNamespace> Roots(NamespaceSurvey survey, NamespaceFlags kind) =>
        survey.All.Where(space => space.Kind == kind && Known(survey, space.Parent) is null);

    private static List<LiveNamespace> Owned(NamespaceSurvey survey, LiveNamespace user) =>
        [.. survey.All.Where(space => space.Kind is not NamespaceFlags.User && space.Owner == user.Id).OrderBy(space => NamespaceKinds.NameOf(space.Kind), StringComparer.Ordinal)];

    private static List<LiveNamespace> Children(NamespaceSurvey survey, LiveNamespace parent) => [.. survey.All.Where(space => space.Parent == parent.Id)];

    private static LiveNamespace? Known(NamespaceSurvey survey, NamespaceId? id) => id is { } known ? survey.Find(known) : null;
}
