using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Tests;

/// <summary>The table as a whole: what every verb must keep to.</summary>
public sealed class VerbTableTests
{
    public static TheoryData<string> Names => [.. VerbTable.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_verb_is_found_by_its_name(string name)
    {
        string[] words = [.. name.Split(' '), "more"];
        Assert.Equal(name, VerbTable.Find(words, out int used)!.Name);
        Assert.Equal(words.Length - 1, used);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Option_names_are_used_once(string name)
    {
        VerbSpec verb = VerbTable.Find(name)!;
        Assert.Equal(verb.Options.Length, verb.Options.Select(option => option.Name).Distinct().Count());
        Assert.DoesNotContain("help", verb.Options.Select(option => option.Name));
        char[] shortNames = [.. verb.Options.Select(option => option.Short).Where(letter => letter != '\0')];
        Assert.Equal(shortNames.Length, shortNames.Distinct().Count());
        Assert.DoesNotContain('h', shortNames);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Summaries_and_helps_are_sentences_without_a_full_stop(string name)
    {
        VerbSpec verb = VerbTable.Find(name)!;
        foreach (string text in verb.Options.Select(option => option.Help).Append(verb.Summary))
        {
            Assert.False(text.EndsWith('.'), text);
            Assert.True(char.IsLower(text[0]) || text.Contains("System V"), text);
            Assert.DoesNotContain('\n', text);
        }
        if (!verb.Hidden) Assert.EndsWith(".", verb.Description);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_example_is_a_command_line_that_its_verb_accepts(string name)
    {
        foreach ((string line, _) in VerbTable.Find(name)!.Examples)
        {
            string own = line[line.IndexOf("littlebox ", StringComparison.Ordinal)..].Split('>', '|', ')')[0];
            string[] words = own.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            VerbSpec verb = VerbTable.Find(words, out int used)!;
            Assert.Equal(name, verb.Name);
            Assert.False(ArgumentParser.Parse(verb, words[used..]).Has("help"));
        }
    }

    [Fact]
    public void Every_verb_that_is_shown_has_an_example_or_no_options()
    {
        foreach (string name in VerbTable.Names)
        {
            VerbSpec verb = VerbTable.Find(name)!;
            Assert.True(verb.Hidden || verb.Examples.Length > 0 || verb.Options.Length == 0, name);
        }
    }

    [Fact]
    public void A_word_that_is_no_verb_is_named_and_the_nearest_suggested()
    {
        Assert.Equal("there is no verb 'rnu'; did you mean 'littlebox run'?", UnknownVerb.Error(["rnu"]).Message);
        Assert.Equal("there is no verb 'ns lss'; did you mean 'littlebox ns ls'?", UnknownVerb.Error(["ns", "lss"]).Message);
        Assert.Equal("there is no verb 'gc'; did you mean 'littlebox ns gc'?", UnknownVerb.Error(["gc"]).Message);
        Assert.Equal("there is no verb 'quux'", UnknownVerb.Error(["quux"]).Message);
        Assert.Equal("unknown option --rm before the verb", UnknownVerb.Error(["--rm", "run"]).Message);
    }
}
