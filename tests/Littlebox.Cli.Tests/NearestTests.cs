using CsCheck;
using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Tests;

public sealed class NearestTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("run", "run", 0)]
    [InlineData("run", "", 3)]
    [InlineData("rnu", "run", 1)]
    [InlineData("hostnam", "hostname", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    public void The_distance_counts_insertions_deletions_substitutions_and_exchanges(string a, string b, int expected) =>
        Assert.Equal(expected, Nearest.Distance(a, b));

    [Fact]
    public void The_distance_is_symmetric_and_bounded_by_the_lengths()
    {
        Gen<string> words = Gen.String[Gen.Char['a', 'd'], 0, 7];
        Gen.Select(words, words).Sample((a, b) =>
        {
            int distance = Nearest.Distance(a, b);
            Assert.Equal(distance, Nearest.Distance(b, a));
            Assert.InRange(distance, Math.Abs(a.Length - b.Length), Math.Max(a.Length, b.Length));
            Assert.Equal(a == b, distance == 0);
        }, iter: 5_000);
    }

    [Fact]
    public void A_word_that_is_too_far_has_no_nearest()
    {
        Assert.Null(Nearest.Of("zzz", ["run", "ps"]));
        Assert.Null(Nearest.Of("x", ["y"]));
        Assert.Equal("exec", Nearest.Of("exce", ["run", "exec"]));
        Assert.Equal("completion", Nearest.Of("comp", ["run", "completion"]));
    }
}
