namespace Littlebox.Integration.Tests;

/// <summary>Standard streams that are closed, or that take nothing.</summary>
public sealed class StandardStreamTests
{
    [Theory]
    [InlineData("--version")]
    [InlineData("help")]
    [InlineData("run --help")]
    [InlineData("doctor")]
    [InlineData("doctor --json")]
    [InlineData("ps")]
    [InlineData("ps --json")]
    [InlineData("explain run default")]
    [InlineData("explain --as-shell run default")]
    [InlineData("ns ls")]
    [InlineData("ns ls --json")]
    [InlineData("ns tree")]
    [InlineData("ns who 1")]
    [InlineData("ns diff 1")]
    [InlineData("man")]
    [InlineData("completion bash")]
    [InlineData("completion zsh")]
    [InlineData("completion fish")]
    public void A_verb_whose_output_cannot_be_written_does_not_end_with_0(string words)
    {
        Assert.NotEqual(0, Program.Run("bash", ["-c", $"{NativeBinary.Location} {words} >/dev/full"]).ExitCode);
        Assert.NotEqual(0, Program.Run("bash", ["-c", $"{NativeBinary.Location} {words} >&-"]).ExitCode);
    }

    [Theory]
    [InlineData("", "0<&-", 0)]
    [InlineData("-i", "0<&-", 0)]
    [InlineData("", ">&-", 1)]
    [InlineData("--init", ">&-", 1)]
    public void A_stream_that_is_closed_gets_no_descriptor_of_littlebox_s_own(string options, string closing, int stream)
    {
        using var sandbox = new Sandbox();
        string seen = Program.Run("bash", ["-c", $"{NativeBinary.Location} run {options} {sandbox.MakeRoot()} sh -c 'sleep 100 & readlink /proc/$!/fd/{stream} >&2 || echo closed >&2; kill $!' {closing}"]).ExpectExit(0).Errors;
        Assert.True(seen is "closed\n" or "/dev/null\n", seen);
    }
}
