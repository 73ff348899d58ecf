using System.Text;
using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Help;

/// <summary>Man pages in the language of man(7), from the tables. They hold no date, so the same version makes the same page.</summary>
internal static class ManPage
{
    /// <summary>The file's name: <c>littlebox-ns-ls.1</c>.</summary>
    public static string FileName(VerbSpec verb) => $"{PageName(verb)}.1";

    /// <summary><c>littlebox.1</c>: the verbs, the environment, the exit codes.</summary>
    public static string Overview()
    {
        var page = new StringBuilder();
        Title(page, "littlebox");
        Section(page, "NAME").Append("littlebox \\- run commands in containers, and show how\n");
        Section(page, "SYNOPSIS").Append(".B littlebox\n.I VERB\n.RI [ OPTIONS ]\n\\&...\n");
        Section(page, "DESCRIPTION");
        Paragraphs(page, """
            Littlebox makes containers with its own system calls: no daemon, no helper programs. A container is a plan of steps, which 'littlebox explain' prints, 'littlebox run --step' walks through, and 'littlebox learn' teaches.

            'littlebox run' alone opens a shell in a new container.
            """);
        Section(page, "VERBS");
        foreach (string name in VerbTable.Names)
        {
            VerbSpec verb = VerbTable.Find(name)!;
            if (verb.Hidden) continue;
            page.Append(".TP\n.BR ").Append(Roff.Text(PageName(verb))).Append(" (1)\n").Append(Roff.Line(Sentence(verb.Summary)));
        }
        Section(page, "OPTIONS");
        Entry(page, "-h, --help", "List the verbs.");
        Entry(page, "-V, --version", "Print the version.");
        Section(page, "ENVIRONMENT");
        Entry(page, "NO_COLOR", "When set and not empty, nothing is printed in bold or in colour.");
        Section(page, "EXIT STATUS").Append(Roff.Line("0 when it worked; 2 for a wrong command line; 125 when littlebox itself failed. The verbs that run a command pass on its exit code:"))
            .Append("see\n.BR littlebox\\-run (1).\n");
        return page.ToString();
    }

    /// <summary>The page of one verb.</summary>
    public static string Of(VerbSpec verb)
    {
        var page = new StringBuilder();
        Title(page, PageName(verb));
        Section(page, "NAME").Append(Roff.Text(PageName(verb))).Append(" \\- ").Append(Roff.Text(verb.Summary)).Append('\n');
        Section(page, "SYNOPSIS").Append(".B ").Append(Roff.Text($"littlebox {verb.Name}")).Append('\n').Append(Roff.Line($"[OPTIONS] {verb.Arguments}".TrimEnd()));
        Section(page, "DESCRIPTION");
        Paragraphs(page, verb.Description);
        Section(page, "OPTIONS");
        foreach ((string heading, List<OptionSpec> options) in OptionGroups.Of(verb))
        {
            if (options[0].Group is not null) page.Append(".SS ").Append(Roff.Text(heading)).Append('\n');
            foreach (OptionSpec option in options) Entry(page, OptionGroups.Form(option).Trim(), Sentence(OptionGroups.Help(option)));
        }
        if (verb.ExitCodes.Length > 0) Section(page, "EXIT STATUS");
        foreach ((string code, string meaning) in verb.ExitCodes) Entry(page, code, Sentence(meaning));
        if (verb.Examples.Length > 0) Section(page, "EXAMPLES");
        foreach ((string line, string purpose) in verb.Examples)
            page.Append(".PP\n").Append(Roff.Line(Sentence(purpose))).Append(".PP\n.RS 4\n.EX\n").Append(Roff.Line(line)).Append(".EE\n.RE\n");
        Section(page, "SEE ALSO").Append(".BR littlebox (1)\n");
        return page.ToString();
    }

    private static string PageName(VerbSpec verb) => $"littlebox-{verb.Name.Replace(' ', '-')}";

    private static void Title(StringBuilder page, string name) =>
        page.Append(".TH ").Append(Roff.Text(name.ToUpperInvariant())).Append(" 1 \"\" \"littlebox ").Append(ProductVersion.Text).Append("\" \"Littlebox Manual\"\n");

    private static StringBuilder Section(StringBuilder page, string name) => page.Append(".SH ").Append(name).Append('\n');

    private static void Entry(StringBuilder page, string term, string meaning) =>
        page.Append(".TP\n.B ").Append(Roff.Text(term)).Append('\n').Append(Roff.Line(meaning));

    private static void Paragraphs(StringBuilder page, string text)
    {
        foreach (string paragraph in TextLayout.Paragraphs(text)) page.Append(".PP\n").Append(Roff.Line(paragraph));
    }

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}{(text.EndsWith('.') ? "" : ".")}";
}
