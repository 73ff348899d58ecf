namespace Littlebox.Integration.Tests;

/// <summary>Arguments, variables and paths are bytes: what is no UTF-8 comes through as it is.</summary>
public sealed class BytesTests : IDisposable
{
    private readonly Sandbox sandbox = new();
    private readonly string root;

    public BytesTests() => root = sandbox.MakeRoot();

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void An_argument_that_is_not_UTF_8_reaches_the_command() =>
        Assert.Equal("61ff62c328efbfbd", Run($"run {root} printf %s $'a\\xffb\\xc3\\x28\\xef\\xbf\\xbd' | od -An -tx1 | tr -d ' \\n'"));

    [Fact]
    public void A_variable_that_is_not_UTF_8_reaches_the_command_given_or_passed_on()
    {
        Assert.Equal("78ff79", Run($"run -e V=$'x\\xffy' {root} sh -c 'printf %s \"$V\"' | od -An -tx1 | tr -d ' \\n'"));
        Assert.Equal("78fe79", Run($"run -e V {root} sh -c 'printf %s \"$V\"' | od -An -tx1 | tr -d ' \\n'", "export V=$'x\\xfey'; "));
    }

    [Fact]
    public void A_directory_and_a_volume_whose_names_are_not_UTF_8_are_used_as_they_are()
    {
        Assert.Equal("there\n", Run($"run -v $PWD/$'v\\xff':/mnt/$'t\\xfe' -w /mnt/$'t\\xfe' ./$'root\\xff' cat file", $"cd {sandbox.Path}; mkdir $'v\\xff'; echo there > $'v\\xff/file'; cp -a {root} $'root\\xff'; "));
        Assert.Equal("there\n", Run($"run -v .:/mnt {root} cat /mnt/file", $"cd {sandbox.Path}/$'v\\xff'; "));
    }

    [Fact]
    public void Exec_and_ps_know_the_command_and_the_environment_as_they_are()
    {
        using RunningProgram running = Program.Start("bash", ["-c", $"exec {NativeBinary.Location} run --name bytes -e V=$'x\\xffy' {root} sh -c 'echo ready; sleep 1000' $'\\xfe'"]);
        running.WaitForOutput("ready");
        Assert.Equal("78ff79", Run("exec bytes sh -c 'printf %s \"$V\"' | od -An -tx1 | tr -d ' \\n'"));
        Assert.Contains("bytes", NativeBinary.Run("ps").ExpectSuccess().Output, StringComparison.Ordinal);
        Assert.Contains("bytes", NativeBinary.Run("ps", "--json").ExpectSuccess().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_script_of_explain_has_the_same_bytes() =>
        Assert.Equal("61ff62", Run($"explain --as-shell run {root} printf %s $'a\\xffb' > {sandbox["script"]}; bash {sandbox["script"]} | od -An -tx1 | tr -d ' \\n'"));

    private static string Run(string words, string before = "") => Program.Bash($"set -o pipefail; {before}{NativeBinary.Location} {words}").ExpectSuccess().Output;
}
