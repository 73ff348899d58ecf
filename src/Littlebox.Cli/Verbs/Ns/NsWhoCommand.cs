using System.Text;
using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Linux;
using Littlebox.Namespaces;

namespace Littlebox.Cli.Verbs.Ns;

/// <summary><c>littlebox ns who</c>.</summary>
internal static class NsWhoCommand
{
    private const int Shown = 8;

    /// <summary>Prints the holders.</summary>
    public static int Run(ParsedArguments arguments)
    {
        NamespaceFlags types = NsContext.Types(arguments);
        List<NamespaceId> wanted = [.. NsContext.Identify(arguments.Words[0]).Where(id => types.HasFlag(id.Kind))];
        NamespaceSurvey survey = NamespaceSurvey.Take();
        List<LiveNamespace> found = [.. wanted.Select(survey.Find).OfType<LiveNamespace>()];
        Dictionary<string, string> pins = [];
        foreach (NamespacePin pin in NsContext.Pins.All()) pins[pin.Path] = pin.IsOurs ? $"littlebox ns unpin {pin.Name} --{NamespacePins.OptionOf(pin.Kind)}" : $"ip netns del {pin.Name}";
        Output.Write(arguments.Has("json") ? Json(found) : string.Join('\n', found.Select(space => Text(space, pins, arguments.Has("all") || wanted.Count == 1))));
        NsContext.TellHidden(survey);
        return found.Count == wanted.Count ? 0 : throw new CommandException($"{NsContext.Count(wanted.Count - found.Count, "namespace has", "namespaces have")} just ended, or can no longer be seen");
    }

    private static string Text(LiveNamespace space, Dictionary<string, string> pins, bool all)
    {
        var text = new StringBuilder(TextTable.Clean(WhyAlive.Sentence(space))).Append('\n');
        foreach (IGrouping<string, Holder> group in space.Holders.GroupBy(holder => holder.Word, StringComparer.Ordinal))
        {
            List<Holder> holders = [.. group];
            int shown = all ? holders.Count : Math.Min(holders.Count, Shown);
            foreach (Holder holder in holders.Take(shown))
            {
                string undo = holder is MountHolder { IsOurs: true } mount ? $"  (to let go: {pins.GetValueOrDefault(mount.Path) ?? $"umount {mount.Path}"})" : "";
                text.Append("  ").Append(holder.Word.PadRight(12)).Append(TextTable.Clean(holder.Describe())).Append(undo).Append('\n');
            }
            if (shown < holders.Count) text.Append("  ").Append(group.Key.PadRight(12)).Append($"… and {holders.Count - shown} more (--all)\n");
        }
        return text.ToString();
    }

    private static string Json(List<LiveNamespace> found)
    {
        var users = new UserNames();
        return NsJson.Document(json =>
        {
            json.WriteStartArray();
            foreach (LiveNamespace space in found) NsJson.Write(json, space, users, holders: true, () => json.WriteString("why"u8, WhyAlive.Sentence(space)));
            json.WriteEndArray();
        });
    }
}
