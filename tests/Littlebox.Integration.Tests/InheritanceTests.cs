namespace Littlebox.Integration.Tests;

/// <summary>
/// What a process inherits from its caller and the .NET runtime changes at its start, or execve does not undo: the command has the caller's limits and
/// priorities, and the signals and the umask of a fresh process, never those of littlebox.
/// </summary>
public sealed class InheritanceTests : IDisposable
{
    private readonly Sandbox sandbox = new();
    private readonly string root;

    public InheritanceTests() => root = sandbox.MakeRoot();

    public void Dispose() => sandbox.Dispose();

    [Theory]
    [InlineData("prlimit --nofile=700:900")]
    [InlineData("prlimit --nofile=64:4096 --core=0:1000 --stack=1000000:8000000 --nproc=5000:6000 --fsize=100000000 --memlock=65536")]
    public void The_limits_are_the_caller_s(string caller) => Same(caller, "cat /proc/self/limits");

    [Theory]
    [InlineData("choom -n 321 --")]
    [InlineData("choom -n 1000 --")]
    public void The_preference_of_the_out_of_memory_killer_is_the_caller_s(string caller) => Same(caller, "cat /proc/self/oom_score_adj");

    [Theory]
    [InlineData("nice -n 7", "awk {print$19} /proc/self/stat")]
    [InlineData("taskset -c 0", "grep Cpus_allowed_list /proc/self/status")]
    [InlineData("env", "grep -E ^(Seccomp|Speculation|Cpus_allowed|Mems_allowed|CoreDumping|THP_enabled|untag) /proc/self/status")]
    [InlineData("env", "cat /proc/self/coredump_filter")]
    [InlineData("env", "cat /proc/self/timerslack_ns")]
    public void Priority_and_processors_are_the_caller_s(string caller, string question) => Same(caller, question);

    [Theory]
    [InlineData("a shell", "")]
    [InlineData("nohup, or a daemon without SIGPIPE", "env --ignore-signal=HUP --ignore-signal=PIPE --ignore-signal=INT")]
    [InlineData("a caller that blocks signals", "env --block-signal=USR1 --block-signal=TERM --block-signal=RTMIN")]
    public void Signals_are_those_of_a_fresh_process(string what, string caller)
    {
        foreach (string[] options in (string[][])[[], ["--init"], ["-t"]])
        {
            string[] lines = Littlebox(caller, [.. options, root, "grep", "-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status"]).Output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
            Assert.True(lines.SequenceEqual(["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "SigCgt:\t0000000000000000"]), $"{what} {string.Join(' ', options)}: {string.Join(", ", lines)}");
        }
    }

    [Fact]
    public void A_pipe_without_a_reader_ends_the_command_by_SIGPIPE() =>
        // 141: a command that ignored the signal, as .NET does, would end with 1.
        Assert.Equal("141\n", Littlebox("", [root, "sh", "-c", "{ yes; echo $? > /tmp/code; } | head -n 1 > /dev/null; sleep 0.1; cat /tmp/code"]).Output);

    [Theory]
    [InlineData("umask 077")]
    [InlineData("umask 0")]
    public void The_umask_is_022_whatever_the_caller_s(string caller) => Assert.Equal("0022\n", Littlebox($"{caller};", [root, "sh", "-c", "umask"]).Output);

    [Fact]
    public void Descriptors_of_the_caller_do_not_reach_the_command() =>
        Assert.Equal("0 1 2 3\n", Littlebox("exec 7</etc/passwd 9>/dev/null;", [root, "sh", "-c", "echo $(ls /proc/self/fd)"]).Output);

    private void Same(string caller, string question)
    {
        string[] words = question.Split(' ');
        string[] here = Program.Bash($"{caller} {string.Join(' ', words.Select(static word => $"'{word}'"))}").ExpectSuccess().Lines;
        Assert.Equal(here, Littlebox(caller, [root, .. words]).Lines);
        Assert.NotEmpty(here);
    }

    private static RunResult Littlebox(string caller, string[] words) => Program.Run("bash", ["-euc", $"{caller} \"$@\"", "bash", NativeBinary.Location, "run", .. words]).ExpectSuccess();
}
