using System.Text;

namespace Littlebox.Cli.Help;

/// <summary>Breaks text into lines. Widths are counted in UTF-16 units: the help has no characters that are wider or narrower.</summary>
internal static class TextLayout
{
    /// <summary>The paragraphs of a description, which empty lines separate.</summary>
    public static string[] Paragraphs(string text) => text.Length == 0 ? [] : text.Split("\n\n");

    /// <summary>Appends text in lines of at most <paramref name="width"/>, each indented; words longer than that stand alone.</summary>
    public static void Wrap(StringBuilder text, string paragraph, int indent, int width)
    {
        text.Append(' ', indent);
        Flow(text, paragraph, indent, indent, width);
    }

    /// <summary>Appends a term and, from <paramref name="column"/> on, what it means; a term that is too long has a line for itself.</summary>
    public static void Entry(StringBuilder text, string term, string meaning, int column, int width)
    {
        text.Append("  ").Append(term);
        int at = term.Length + 2;
        if (at + 2 > column)
        {
            text.Append('\n');
            at = 0;
        }
        text.Append(' ', column - at);
        Flow(text, meaning, column, column, width);
    }

    private static void Flow(StringBuilder text, string paragraph, int at, int indent, int width)
    {
        bool first = true;
        foreach (string word in paragraph.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!first && at + 1 + word.Length > width)
            {
                text.Append('\n').Append(' ', indent);
                at = indent;
                first = true;
            }
            if (!first)
            {
                text.Append(' ');
                at++;
            }
            text.Append(word);
            at += word.Length;
            first = false;
        }
        text.Append('\n');
    }
}
