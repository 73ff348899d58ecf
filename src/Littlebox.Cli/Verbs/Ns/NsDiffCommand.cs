using System.Globalization;
using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Linux;
using Littlebox.Namespaces;

namespace Littlebox.Cli.Verbs.Ns;

/// <summary><c>littlebox ns diff</c>.</summary>
internal static class NsDiffCommand
{
    private const int Trouble = 2; // as diff(1)

    /// <summary>Prints the table; 0 when all are the same, 1 when some differ.</summary>
    /// <exception cref="CommandException">They cannot be compared; exit code 2, since 1 has a meaning.</exception>
    public static int Run(ParsedArguments arguments)
    {
        try
        {
            return Print(arguments);
        }
        catch (LittleboxException error)
        {
            throw new CommandException(error.Message, Trouble, [.. error.Details]);
        }
        catch (SystemCallException error)
        {
            throw new CommandException($"the system does not allow it: {error.Error.Describe()}", Trouble, error.Message);
        }
    }

    private static int Print(ParsedArguments arguments)
    {
        using OpenNamespaces a = NsContext.Targets.Open(arguments.Words[0]), b = NsContext.Targets.Open(arguments.Words.Count > 1 ? arguments.Words[1] : "host");
        foreach (string note in new[] { a.Note, b.Note }.OfType<string>().Distinct()) Output.WriteErrorLine($"littlebox: {note}");
        IReadOnlyList<DiffRow> rows = NamespaceDiff.Compare(a, b);
        Output.Write(arguments.Has("json") ? Json(a, b, rows) : Text(a, b, rows));
        return NamespaceDiff.AllSame(rows) ? 0 : 1;
    }

    private static string Text(OpenNamespaces a, OpenNamespaces b, IReadOnlyList<DiffRow> rows)
    {
        var table = new TextTable("TYPE", a.Label, b.Label, "");
        foreach (DiffRow row in rows) table.Add(NamespaceKinds.NameOf(row.Kind), Inode(row.A), Inode(row.B), row.Same switch { true => "same", false => "different", null => "-" });
        return table.Render();
    }

    private static string Inode(ulong? inode) => inode?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Json(OpenNamespaces a, OpenNamespaces b, IReadOnlyList<DiffRow> rows) => NsJson.Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("a"u8, a.Label);
        json.WriteString("b"u8, b.Label);
        json.WriteBoolean("same"u8, NamespaceDiff.AllSame(rows));
        json.WriteStartArray("namespaces"u8);
        foreach (DiffRow row in rows)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, NamespaceKinds.NameOf(row.Kind));
            NsJson.Number(json, "a", (long?)row.A);
            NsJson.Number(json, "b", (long?)row.B);
            if (row.Same is { } same) json.WriteBoolean("same"u8, same);
            else json.WriteNull("same"u8);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
