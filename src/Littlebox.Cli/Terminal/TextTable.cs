using System.Text;

namespace Littlebox.Cli.Terminal;

/// <summary>Rows as columns of text, as wide as their widest cell.</summary>
internal static class TextTable
{
    /// <summary>The table; control characters in cells are shown as <c>?</c>, for what a container calls itself must not steer the terminal.</summary>
    public static string Of(IReadOnlyList<string[]> rows)
    {
        int columns = rows[0].Length;
        int[] widths = new int[columns];
        foreach (string[] row in rows)
        {
            for (int i = 0; i < columns; i++) widths[i] = Math.Max(widths[i], row[i].Length);
        }
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            for (int i = 0; i < columns; i++)
            {
                foreach (char c in row[i]) text.Append(char.IsControl(c) ? '?' : c);
                if (i < columns - 1) text.Append(' ', widths[i] - row[i].Length + 2);
            }
            text.Append('\n');
        }
        return text.ToString();
    }
}
