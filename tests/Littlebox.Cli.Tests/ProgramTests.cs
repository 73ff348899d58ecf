namespace Littlebox.Cli.Tests;

/// <summary>The program as a process: exit codes, and what goes to which output.</summary>
public sealed class ProgramTests
{
    [Fact]
    public void The_version_is_one_line()
    {
        (int exitCode, string output, string error) = Tool.Run(Tool.Littlebox, "--version");
        Assert.Equal((0, "", ProductVersion.Line), (exitCode, error, output));
        Assert.Equal(output, Tool.Run(Tool.Littlebox, "version").Output);
        Assert.Matches(@"^littlebox \d+\.\d+\.\d+\n$", output);
    }

    [Fact]
    public void Help_is_the_same_by_every_way()
    {
        string help = Tool.Run(Tool.Littlebox, "help", "ns", "ls").Output;
        Assert.StartsWith("Usage: littlebox ns ls", help, StringComparison.Ordinal);
        Assert.Equal(help, Tool.Run(Tool.Littlebox, "ns", "ls", "--help").Output);
        Assert.Equal(help, Tool.Run(Tool.Littlebox, "ns", "ls", "-h").Output);
        Assert.Equal(Tool.Run(Tool.Littlebox, "help").Output, Tool.Run(Tool.Littlebox).Output);
        Assert.Equal(Tool.Run(Tool.Littlebox, "help", "ns").Output, Tool.Run(Tool.Littlebox, "ns").Output);
    }

    [Theory]
    [InlineData(125, "run", "--hostnam=x")]
    [InlineData(125, "exec")]
    [InlineData(2, "explain", "run", "--hostnam=x")]
    [InlineData(2, "ps", "--jsn")]
    [InlineData(2, "nonsense")]
    [InlineData(2, "help", "nonsense")]
    [InlineData(2, "ns", "nonsense")]
    public void A_wrong_command_line_is_an_error_on_standard_error(int expected, params string[] arguments)
    {
        (int exitCode, string output, string error) = Tool.Run(Tool.Littlebox, arguments);
        Assert.Equal((expected, ""), (exitCode, output));
        Assert.StartsWith("littlebox: ", error, StringComparison.Ordinal);
        Assert.Contains("see 'littlebox ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_has_gone_is_no_error_message()
    {
        (_, string output, string error) = Tool.Run("bash", "-c", "{ littlebox help run; echo $? >&2; } | true; exit 0");
        Assert.Equal("", output);
        Assert.Equal("141\n", error);
    }

    [Fact]
    public void A_full_disk_is_an_error_message_with_the_call()
    {
        (int exitCode, _, string error) = Tool.Run("bash", "-c", "littlebox --version > /dev/full");
        Assert.Equal(125, exitCode);
        Assert.Contains("write(1</dev/full>, \"littlebox ", error, StringComparison.Ordinal);
        Assert.Contains("ENOSPC", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_need_a_terminal()
    {
        Tool.Require("script");
        Dictionary<string, string> Terminal(string noColour) => new() { ["TERM"] = "xterm", ["NO_COLOR"] = noColour };
        Assert.Contains("\e[1m", Tool.Run("script", ["-qec", "littlebox help run", "/dev/null"], Terminal("")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', Tool.Run("script", ["-qec", "littlebox help run", "/dev/null"], Terminal("1")).Output);
        Assert.DoesNotContain('\e', Tool.Run("script", ["-qec", "littlebox help run", "/dev/null"], new() { ["TERM"] = "dumb", ["NO_COLOR"] = "" }).Output);
    }
}
