using System.Text;

namespace Littlebox.Cli.Terminal;

/// <summary>Rows of words in columns, two spaces apart; the last column is not padded.</summary>
internal sealed class TextTable
{
    private readonly List<string[]> rows = [];
    private readonly bool[] right;

    /// <summary>Begins with the headings.</summary>
    /// <param name="headings">One for each column; <c>&gt;</c> in front sets the column to the right.</param>
    public TextTable(params string[] headings)
    {
        right = [.. headings.Select(static heading => heading.StartsWith('>'))];
        rows.Add([.. headings.Select(static heading => heading.TrimStart('>'))]);
    }

    /// <summary>Adds a row. Control characters in a cell, such as a process may put into its name, become question marks.</summary>
    public void Add(params string[] cells) => rows.Add([.. cells.Select(Clean)]);

    /// <summary>The text, a line for each row.</summary>
    /// <param name="columns">The longest line, 0 for any length.</param>
    public string Render(int columns = 0)
    {
        int last = right.Length - 1;
        int[] widths = [.. Enumerable.Range(0, right.Length).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            var line = new StringBuilder();
            for (int column = 0; column <= last; column++)
            {
                string cell = right[column] ? row[column].PadLeft(widths[column]) : column == last ? row[column] : row[column].PadRight(widths[column]);
                line.Append(column == 0 ? "" : "  ").Append(cell);
            }
            string whole = line.ToString().TrimEnd();
            text.Append(columns > 0 && whole.Length > columns ? whole[..columns] : whole).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Text that a terminal shows as it is.</summary>
    public static string Clean(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(static letter => char.IsControl(letter) ? '?' : letter)) : text;
}
