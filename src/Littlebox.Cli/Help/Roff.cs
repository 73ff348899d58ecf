using System.Text;

namespace Littlebox.Cli.Help;

/// <summary>Text as roff reads it (groff_char(7)).</summary>
internal static class Roff
{
    /// <summary>Escapes text within a line. Dashes become the minus of command lines, so that what is copied out of a page works.</summary>
    public static string Text(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (char letter in text)
        {
            switch (letter)
            {
                case '\\': escaped.Append("\\e"); break;
                case '-': escaped.Append("\\-"); break;
                case '\'': escaped.Append("\\(aq"); break;
                case '"': escaped.Append("\\(dq"); break;
                case '`': escaped.Append("\\(ga"); break;
                case '^': escaped.Append("\\(ha"); break;
                case '~': escaped.Append("\\(ti"); break;
                case '…': escaped.Append("..."); break;
                default: escaped.Append(letter); break;
            }
        }
        return escaped.ToString();
    }

    /// <summary>Escapes a whole line and ends it; a dot at its start is no request.</summary>
    public static string Line(string text)
    {
        string escaped = Text(text);
        return escaped.StartsWith('.') ? $"\\&{escaped}\n" : $"{escaped}\n";
    }
}
