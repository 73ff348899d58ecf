using System.Globalization;
using System.Text;
using System.Text.Json;
using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Engine;
using Littlebox.Runtime.State;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox ps</c>: the work of it.</summary>
internal static class PsCommand
{
    /// <summary>Lists the running containers.</summary>
    public static int Run(ParsedArguments arguments)
    {
        StateStore store = StateStore.ForThisUser();
        Housekeeping.Tidy(store);
        IReadOnlyList<ContainerRecord> running = store.Running();
        if (arguments.Has("json")) Output.Write(Json(running));
        else if (arguments.Has("quiet")) Output.Write(string.Concat(running.Select(static container => container.Name + "\n")));
        else Output.Write(Table(running));
        return 0;
    }

    private static string Table(IReadOnlyList<ContainerRecord> running)
    {
        var table = new TextTable("NAME", ">PID", "STARTED", "ROOT", "COMMAND");
        foreach (ContainerRecord container in running)
            table.Add(container.Name, container.Pid.ToString(CultureInfo.InvariantCulture), Ago(DateTimeOffset.UtcNow - container.Started), container.Root, string.Join(' ', container.Command));
        return table.Render();
    }

    private static string Ago(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => $"{(int)time.TotalSeconds} s ago",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min ago",
        { TotalDays: < 2 } => $"{(int)time.TotalHours} h ago",
        _ => $"{(int)time.TotalDays} days ago",
    };

    private static string Json(IReadOnlyList<ContainerRecord> running)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (ContainerRecord container in running)
            {
                json.WriteStartObject();
                json.WriteString("name", container.Name);
                json.WriteNumber("pid", container.Pid);
                json.WriteString("started", container.Started);
                json.WriteString("root", container.Root);
                json.WriteStartArray("command");
                foreach (string word in container.Command) json.WriteStringValue(word);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
