using CsCheck;
using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Verbs;

namespace Littlebox.Cli.Tests;

public sealed class ArgumentParserTests
{
    private static readonly VerbSpec Verb = new()
    {
        Name = "sail",
        Summary = "go",
        Arguments = "SHIP [CREW…]",
        StopsAtFirstWord = true,
        LeastWords = 1,
        MostWords = 3,
        UsageExitCode = 125,
        Options =
        [
            new() { Name = "interactive", Short = 'i', Help = "flag" },
            new() { Name = "tty", Short = 't', Help = "flag" },
            new() { Name = "env", Short = 'e', Value = "NAME=VALUE", Repeats = true, Help = "list" },
            new() { Name = "name", Value = "NAME", Help = "value" },
            new() { Name = "trace", Short = 'T', Value = "FILE", ValueOptional = true, Help = "optional" },
            new() { Name = "wind", Value = "SIDE", Choices = ["port", "starboard"], Help = "choice" },
            new() { Name = "secret", Hidden = true, Help = "hidden" },
        ],
        Run = _ => 0,
    };

    private static ParsedArguments Parse(params string[] arguments) => ArgumentParser.Parse(Verb, arguments);

    private static string Refused(params string[] arguments) => Assert.Throws<UsageException>(() => Parse(arguments)).Message;

    [Fact]
    public void Options_end_at_the_first_word()
    {
        ParsedArguments parsed = Parse("-i", "ship", "-t", "--name=x");
        Assert.Equal(["ship", "-t", "--name=x"], parsed.Words);
        Assert.True(parsed.Has("interactive"));
        Assert.False(parsed.Has("tty"));
    }

    [Fact]
    public void Options_stand_between_words_where_the_verb_allows_it()
    {
        ParsedArguments parsed = ArgumentParser.Parse(Verb with { StopsAtFirstWord = false }, ["ship", "-t", "mate"]);
        Assert.Equal(["ship", "mate"], parsed.Words);
        Assert.True(parsed.Has("tty"));
    }

    [Fact]
    public void Two_dashes_end_the_options()
    {
        Assert.Equal(["--name", "-i"], Parse("--", "--name", "-i").Words);
        Assert.Equal(["ship", "--", "-i"], Parse("ship", "--", "-i").Words);
        Assert.Equal(["ship", "-i"], ArgumentParser.Parse(Verb with { StopsAtFirstWord = false }, ["ship", "--", "-i"]).Words);
    }

    [Fact]
    public void One_dash_and_the_empty_string_are_words()
    {
        Assert.Equal(["-", ""], Parse("-", "").Words);
        Assert.Equal([""], Parse("").Words);
    }

    [Fact]
    public void A_value_is_attached_or_the_next_argument()
    {
        Assert.Equal("web", Parse("--name=web", "ship").Value("name"));
        Assert.Equal("web", Parse("--name", "web", "ship").Value("name"));
        Assert.Equal("--odd", Parse("--name", "--odd", "ship").Value("name"));
        Assert.Equal("", Parse("--name=", "ship").Value("name"));
        Assert.Equal("a=b", Parse("--name=a=b", "ship").Value("name"));
        Assert.Null(Parse("ship").Value("name"));
    }

    [Fact]
    public void Short_options_take_values()
    {
        ParsedArguments parsed = Parse("-eB=2", "-e", "C=3", "-e=D=4", "ship");
        Assert.Equal(["B=2", "C=3", "D=4"], parsed.Values("env"));
    }

    [Fact]
    public void Flags_bundle_in_front_of_a_value()
    {
        ParsedArguments parsed = Parse("-iteA=1", "ship");
        Assert.True(parsed.Has("interactive") && parsed.Has("tty"));
        Assert.Equal(["A=1"], parsed.Values("env"));
    }

    [Fact]
    public void The_last_occurrence_wins_unless_the_option_repeats()
    {
        ParsedArguments parsed = Parse("--name=a", "--name=b", "-eX=1", "--env=Y=2", "ship");
        Assert.Equal("b", parsed.Value("name"));
        Assert.Equal(["X=1", "Y=2"], parsed.Values("env"));
    }

    [Theory]
    [InlineData(true, "--tty")]
    [InlineData(true, "--tty=true")]
    [InlineData(false, "--tty=false")]
    [InlineData(false, "-t", "--tty=false")]
    [InlineData(true, "--tty=false", "-t")]
    [InlineData(false, "-t=false")]
    public void A_flag_takes_true_or_false(bool expected, params string[] arguments) =>
        Assert.Equal(expected, Parse([.. arguments, "ship"]).Has("tty"));

    [Fact]
    public void An_optional_value_must_be_attached()
    {
        ParsedArguments without = Parse("--trace", "file");
        Assert.True(without.Has("trace"));
        Assert.Null(without.Value("trace"));
        Assert.Equal(["file"], without.Words);
        Assert.Equal("file", Parse("--trace=file", "ship").Value("trace"));
        Assert.Equal("file", Parse("-Tfile", "ship").Value("trace"));
        Assert.True(Parse("-T", "ship").Has("trace"));
    }

    [Fact]
    public void An_unknown_option_is_named_and_the_nearest_suggested()
    {
        Assert.Equal("unknown option --nmae; did you mean --name?", Refused("--nmae", "x", "ship"));
        Assert.Equal("unknown option --inter; did you mean --interactive?", Refused("--inter", "ship"));
        Assert.Equal("unknown option --zzzzzz", Refused("--zzzzzz=1", "ship"));
        Assert.Equal("unknown option -x", Refused("-x", "ship"));
        Assert.Equal("unknown option -x in '-itx'", Refused("-itx", "ship"));
        Assert.Equal("unknown option --secrt", Refused("--secrt", "ship"));
    }

    [Fact]
    public void What_is_missing_or_too_much_is_named()
    {
        Assert.Equal("option --name needs a value: --name NAME", Refused("--name"));
        Assert.Equal("option --env needs a value: --env NAME=VALUE", Refused("-ie"));
        Assert.Equal("littlebox sail needs SHIP [CREW…]", Refused("-i"));
        Assert.Equal("littlebox sail has no use for 'd'", Refused("a", "b", "c", "d"));
        Assert.Equal("--wind=aft: it must be one of port, starboard", Refused("--wind=aft", "ship"));
        Assert.Equal("--tty=perhaps: a flag takes true or false, or no value at all", Refused("--tty=perhaps", "ship"));
    }

    [Fact]
    public void A_wrong_command_line_shows_the_usage_and_has_the_exit_code_of_its_verb()
    {
        UsageException error = Assert.Throws<UsageException>(() => Parse());
        Assert.Equal(["usage: littlebox sail [OPTIONS] SHIP [CREW…]", "see 'littlebox sail --help'"], error.Details);
        Assert.Equal(125, error.ExitCode);
        Assert.Equal(2, Assert.Throws<UsageException>(() => ArgumentParser.Parse(PsVerb.Spec, ["x"])).ExitCode);
    }

    [Fact]
    public void Help_is_found_before_the_words_are_counted()
    {
        Assert.True(Parse("-h").Has("help"));
        Assert.True(Parse("--help").Has("help"));
        Assert.False(Parse("ship", "--help").Has("help"));
    }

    [Fact]
    public void The_words_of_explain_are_a_command_line_of_run()
    {
        ParsedArguments parsed = ArgumentParser.Parse(ExplainVerb.Spec, ["--json", "run", "--hostname", "web", "default", "sh", "--json"]);
        Assert.True(parsed.Has("json"));
        Assert.Equal("web", parsed.Inner!.Value("hostname"));
        Assert.Equal(["default", "sh", "--json"], parsed.Inner.Words);
        Assert.Equal("littlebox explain does not know 'rnu'; did you mean 'run'?", Assert.Throws<UsageException>(() => ArgumentParser.Parse(ExplainVerb.Spec, ["rnu"])).Message);
    }

    [Fact]
    public void No_command_line_fails_in_another_way_than_by_a_usage_error()
    {
        string[] pieces = ["-", "--", "-i", "-it", "-e", "-eA", "--env", "--env=", "--name", "--trace", "--tty=", "-T", "=", "", "-=", "--=", "---", "-e=", "ship", "-h", "é"];
        Gen.Int[0, pieces.Length - 1].Select(index => pieces[index]).Array[0, 6].Sample(arguments =>
        {
            try
            {
                ParsedArguments parsed = Parse(arguments);
                Assert.All(parsed.Words, word => Assert.Contains(word, arguments));
            }
            catch (UsageException error)
            {
                Assert.DoesNotContain('\n', error.Message);
            }
        }, iter: 20_000);
    }
}
