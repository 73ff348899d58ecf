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
    public void Ns_enter_passes_the_environment_on_as_it_is() =>
        Assert.Equal("78ff792fc3a4", Run("ns enter self --uts -- sh -c 'printf %s \"$V/$W\"' | od -An -tx1 | tr -d ' \n'", "export V=$'x\\xffy' W=$'\\xc3\\xa4'; "));

    [Fact]
    public void A_home_a_path_and_a_kind_of_terminal_that_are_not_UTF_8_are_used_as_they_are()
    {
        using var user = new OrdinaryUser(subordinateIds: true);
        string script = $"""
            cd {user.Home}; export HOME=$PWD/$'h\xff' TERM=$'t\xff'; unset XDG_DATA_HOME
            mkdir "$HOME" $'p\xff'; ln -s /usr/bin/newuidmap /usr/bin/newgidmap $'p\xff'/; export PATH=$PWD/$'p\xff'
            {NativeBinary.Location} run default wc -l /proc/self/uid_map; [ -d "$HOME/.local/share/littlebox/roots" ] && echo there
            /usr/bin/script -qec '{NativeBinary.Location} run -t default env' /dev/null < /dev/null | /bin/grep -a '^TERM=' | /usr/bin/tr -d '\r' | /usr/bin/od -An -tx1 | /usr/bin/tr -d ' \n'
            """;
        Assert.Equal("2 /proc/self/uid_map\nthere\n5445524d3d74ff0a", user.RunProgram("bash", ["-euc", script]).ExpectSuccess().Output);
    }

    [Fact]
    public void The_script_of_explain_has_the_same_bytes() =>
        Assert.Equal("61ff62", Run($"explain --as-shell run {root} printf %s $'a\\xffb' > {sandbox["script"]}; bash {sandbox["script"]} | od -An -tx1 | tr -d ' \\n'"));

    private static string Run(string words, string before = "") => Program.Bash($"set -o pipefail; {before}{NativeBinary.Location} {words}").ExpectSuccess().Output;
}
