using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Help;
using Littlebox.Cli.Terminal;

namespace Littlebox.Cli.Tests;

public sealed class HelpTextTests
{
    public static TheoryData<string> Names => [.. VerbTable.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Lines_keep_to_the_width_of_the_terminal(string name)
    {
        VerbSpec verb = VerbTable.Find(name)!;
        foreach (int columns in (int[])[60, 80, 100, 250])
        {
            // Usage, forms of options and examples are not broken: what is copied must work.
            string[] whole = [.. verb.Examples.Select(example => "  " + example.Line), .. OptionGroups.Visible(verb).Select(option => "  " + OptionGroups.Form(option))];
            foreach (string line in HelpText.Verb(verb, columns, Style.None).Split('\n').Skip(1))
            {
                Assert.True(line.Length <= Math.Min(columns, 100) || whole.Contains(line), $"{line.Length} > {columns}: {line}");
                Assert.Equal(line.TrimEnd(), line);
            }
        }
    }

    [Fact]
    public void Every_option_that_is_shown_is_in_the_help_and_no_other()
    {
        string help = HelpText.Verb(VerbTable.Find("run")!, 80, Style.None);
        foreach (OptionSpec option in VerbTable.Find("run")!.Options)
            Assert.Equal(!option.Hidden, help.Contains($"--{option.Name}", StringComparison.Ordinal));
        Assert.Contains("-h, --help", help, StringComparison.Ordinal);
    }

    [Fact]
    public void The_overview_lists_every_verb_that_is_not_hidden()
    {
        string overview = HelpText.Overview(80, Style.None);
        foreach (string name in VerbTable.Names)
        {
            VerbSpec verb = VerbTable.Find(name)!;
            Assert.Equal(!verb.Hidden, overview.Contains($"  {name} ", StringComparison.Ordinal) && overview.Contains(verb.Summary, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Nothing_is_bold_unless_it_is_wanted()
    {
        Assert.DoesNotContain('\e', HelpText.Verb(VerbTable.Find("run")!, 80, Style.None));
        Assert.Contains("\e[1mUsage:\e[0m", HelpText.Verb(VerbTable.Find("run")!, 80, Style.Always), StringComparison.Ordinal);
    }
}
