using System.Text;

namespace Littlebox.Oci.Tests;

/// <summary>The checks of a document that has the right types.</summary>
public sealed class SpecCheckerTests
{
    // What only the machine knows: the suite of containers tries these.
    private static readonly string[] AskTheMachine = ["nowhere", "no directory", "not permitted", "--console-socket", "not a namespace", "nosuchfs", "size=many", "own namespace"];

    [Fact]
    public void Every_bad_config_is_refused_with_its_place_and_what_is_allowed()
    {
        List<string> wrong = [];
        int count = 0;
        foreach (BadConfig bad in BadConfigs.All)
        {
            count++;
            if (AskTheMachine.Any(bad.Words.Contains) || AskTheMachine.Any(word => bad.ToString().Contains(word, StringComparison.Ordinal))) continue;
            try
            {
                SpecChecker.Check(SpecReader.Read(Encoding.UTF8.GetBytes(bad.Of(BadConfigs.Right))));
                wrong.Add($"{bad}: taken");
            }
            catch (ConfigException e)
            {
                if (e.Pointer != bad.Pointer || !e.Message.Contains(bad.Words, StringComparison.Ordinal)) wrong.Add($"{bad}: wanted {bad.Pointer}: {bad.Words}; {e.Message}");
                if (e.Found.Length == 0 || e.Allowed.Length == 0) wrong.Add($"{bad}: does not say what was found or what is allowed: {e.Message}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(count >= 120, $"{count} rows");
    }

    [Fact]
    public void A_right_config_is_taken()
    {
        SpecChecker.Check(SpecReader.Read(Encoding.UTF8.GetBytes(BadConfigs.Right.ToJsonString())));
        SpecChecker.Check(SpecReader.Read(Encoding.UTF8.GetBytes(Samples.Full)));
    }

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("1.0.2-dev")]
    [InlineData("1.0.0-rc5.1")]
    [InlineData("1.2.0+dev")]
    [InlineData("1.3.99")]
    public void A_version_of_the_spec_is_taken(string version) => SpecChecker.Check(SpecReader.Read(Encoding.UTF8.GetBytes(new BadConfig("/ociVersion", $"\"{version}\"", "").Of(BadConfigs.Right))));

    [Theory]
    [InlineData("0")]
    [InlineData("0-3,7")]
    [InlineData("0-31:2/4, 40")]
    public void A_list_of_processors_is_taken(string list) => SpecChecker.Check(SpecReader.Read(Encoding.UTF8.GetBytes(new BadConfig("/linux/resources/cpu/cpus", $"\"{list}\"", "").Of(BadConfigs.Right))));
}
