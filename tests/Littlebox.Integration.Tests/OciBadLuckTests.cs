using System.Text.Json.Nodes;

namespace Littlebox.Integration.Tests;

/// <summary>What can go wrong in the life of a container: an error as runc's callers expect it, nothing lost, nothing left.</summary>
public sealed class OciBadLuckTests(ITestOutputHelper output) : IDisposable
{
    private readonly OciBundle bundle = new();

    private static string? Runc { get; } = new[] { "/usr/sbin/runc", "/usr/bin/runc" }.FirstOrDefault(File.Exists);

    public void Dispose() => bundle.Dispose();

    // What runc says of a state that does not allow a verb; engines look for some of these words.
    [Theory]
    [InlineData("missing", "start", "container does not exist")]
    [InlineData("missing", "delete", "container does not exist")]
    [InlineData("missing", "kill TERM", "container does not exist")]
    [InlineData("missing", "exec true", "container does not exist")]
    [InlineData("missing", "pause", "container does not exist")]
    [InlineData("missing", "resume", "container does not exist")]
    [InlineData("missing", "update --pids-limit 20", "container does not exist")]
    [InlineData("missing", "state", "container does not exist")]
    [InlineData("missing", "ps", "container does not exist")]
    [InlineData("missing", "events --stats", "container does not exist")]
    [InlineData("created", "resume", "container not paused")]
    [InlineData("created", "create", "already exists")]
    [InlineData("running", "start", "cannot start an already running container")]
    [InlineData("running", "delete", "that is not stopped: running")]
    [InlineData("running", "resume", "container not paused")]
    [InlineData("running", "create", "already exists")]
    [InlineData("paused", "start", "cannot start a container in the paused state")]
    [InlineData("paused", "delete", "that is not stopped: paused")]
    [InlineData("paused", "exec true", "cannot exec in a paused container")]
    [InlineData("paused", "pause", "container not running")]
    [InlineData("paused", "create", "already exists")]
    [InlineData("stopped", "start", "cannot start a container that has stopped")]
    [InlineData("stopped", "kill TERM", "container not running")]
    [InlineData("stopped", "exec true", "cannot exec in a stopped container")]
    [InlineData("stopped", "pause", "container not running")]
    [InlineData("stopped", "resume", "container not paused")]
    [InlineData("stopped", "update --pids-limit 20", "container not running")]
    [InlineData("stopped", "create", "already exists")]
    [InlineData("stopped", "events --stats", "is not running")]
    public void A_verb_that_the_state_of_a_container_does_not_allow_is_refused_as_runc_refuses_it_and_changes_nothing(string state, string verb, string words)
    {
        bundle.Write("sleep", "1000");
        RunResult ours = Try(OciBundle.Binary, state, verb);
        if (Runc is null) output.WriteLine("runc is not installed, so the exit code is not compared with its: apt-get install runc");
        else Assert.Equal(Try(Runc, state, verb).ExitCode, ours.ExitCode);
        Assert.NotEqual(0, ours.ExitCode);
        Assert.Contains(words, ours.Errors, StringComparison.Ordinal);
    }

    private RunResult Try(string runtime, string state, string verb)
    {
        string[] words = verb.Split(' ');
        string root = $"{runtime} --root {bundle.Sandbox["of-" + Path.GetFileName(runtime)]}", quiet = $"</dev/null >{bundle.Sandbox["output"]} 2>{bundle.Sandbox["errors"]}";
        string status = $"{root} state one 2>&1 | grep -o '\"status\": *\"[a-z]*\"' || true";
        Program.Bash(state switch
        {
            "missing" => "true",
            "created" => $"{root} create -b {bundle.Bundle} one {quiet}",
            "running" => $"{root} run -d -b {bundle.Bundle} one {quiet}",
            "paused" => $"{root} run -d -b {bundle.Bundle} one {quiet}; {root} pause one",
            _ => $"{root} run -d -b {bundle.Bundle} one {quiet}; {root} kill one KILL; until {root} state one | grep -q stopped; do sleep 0.02; done",
        }).ExpectSuccess();
        string before = Program.Bash(status).Output;
        // Flags, the container, what belongs to it.
        string line = words[0] switch { "create" => $"create -b {bundle.Bundle} one", "kill" or "exec" => $"{words[0]} one {words[1]}", _ => $"{verb} one" };
        RunResult result = Program.Bash($"{root} {line} {quiet} || {{ code=$?; cat {bundle.Sandbox["errors"]} >&2; exit $code; }}");
        Assert.Equal(before, Program.Bash(status).Output);
        Program.Bash($"{root} delete --force one").ExpectExit(Path.GetFileName(runtime) == "runc" && state == "missing" ? Program.Bash($"{root} delete --force one").ExitCode : 0);
        return result;
    }

    [Fact]
    public void Of_several_creates_with_one_id_exactly_one_wins()
    {
        var leaks = new LeakCheck(bundle.Store);
        bundle.Write("sleep", "1000");
        for (int round = 0; round < 12; round++)
        {
            RunResult race = Program.Bash($"""
                cd {bundle.Sandbox.Path}
                for i in 1 2 3 4; do
                    ( code=0; {OciBundle.Binary} --root {bundle.Store} create --bundle {bundle.Bundle} --pid-file pid-$i contested </dev/null >/dev/null 2>error-$i || code=$?; echo $code > code-$i ) &
                done
                wait
                cat code-*
                cat error-* >&2
                """, TimeSpan.FromMinutes(3));
            Assert.Equal(["0", "1", "1", "1"], race.Lines.Order(StringComparer.Ordinal));
            Assert.Equal(3, race.Errors.Split('\n').Count(static line => line.Contains("already exists", StringComparison.Ordinal)));
            string winner = Enumerable.Range(1, 4).Select(i => bundle.Sandbox[$"pid-{i}"]).Single(File.Exists);
            Assert.Equal(File.ReadAllText(winner), bundle.State("contested").GetProperty("pid").GetRawText());
            bundle.Oci("start", "contested").ExpectSuccess();
            bundle.Oci("delete", "--force", "contested").ExpectSuccess();
            File.Delete(winner);
        }
        leaks.Compare();
    }

    [Fact]
    public void Of_several_creates_over_what_a_killed_one_has_left_exactly_one_wins()
    {
        bundle.Write("sleep", "1000");
        for (int round = 0; round < 8; round++)
        {
            bundle.Oci("create", "--inject-fault", "5:KILL", "--bundle", bundle.Bundle, "contested").ExpectExit(137);
            Assert.True(Directory.Exists($"{bundle.Store}/contested"));
            RunResult race = Program.Bash($"""
                cd {bundle.Sandbox.Path}
                for i in 1 2 3; do ( code=0; {OciBundle.Binary} --root {bundle.Store} create --bundle {bundle.Bundle} contested </dev/null >/dev/null 2>error-$i || code=$?; echo $code > code-$i ) & done
                wait
                cat code-*
                cat error-* >&2
                """, TimeSpan.FromMinutes(3));
            Assert.Equal(["0", "1", "1"], race.Lines.Order(StringComparer.Ordinal));
            bundle.Oci("start", "contested").ExpectSuccess();
            bundle.Oci("delete", "--force", "contested").ExpectSuccess();
        }
    }

    [Theory]
    [InlineData("create")]
    [InlineData("start")]
    [InlineData("delete")]
    public void A_command_that_is_killed_at_any_moment_leaves_what_the_next_one_can_go_on_with(string verb)
    {
        bundle.Linux["cgroupsPath"] = $"/littlebox-oci-test-{Environment.ProcessId}-killed";
        bundle.Config["hooks"] = JsonNode.Parse("""{ "createRuntime": [{ "path": "/bin/true" }], "startContainer": [{ "path": "/bin/true" }], "poststop": [{ "path": "/bin/true" }] }""");
        bundle.Write("sleep", "1000");
        var leaks = new LeakCheck(bundle.Store);
        string command = verb == "create" ? $"create --bundle {bundle.Bundle} killed" : verb == "start" ? "start killed" : "delete --force killed";
        List<string> found = [];
        for (int round = 0; round < 30; round++)
        {
            if (verb != "create") bundle.Create("killed").ExpectSuccess();
            // From the first moments of the program to behind its end.
            Program.Bash($"{OciBundle.Binary} --root {bundle.Store} {command} </dev/null >/dev/null 2>&1 & sleep 0.0{round * 2:d2}; kill -KILL $! 2>/dev/null || true; wait $! 2>/dev/null || true", TimeSpan.FromMinutes(3));
            string status = bundle.Oci("list").Lines is [_, var line] ? line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2] : "none";
            found.Add(status);
            RunResult next = (verb, status) switch
            {
                ("create", "none") => bundle.Create("killed"),
                ("start", "created") => bundle.Oci("start", "killed"),
                _ => bundle.Oci("delete", "--force", "killed"),
            };
            Assert.True(next.ExitCode == 0, $"round {round}, {status}: {next}");
            bundle.Oci("delete", "--force", "killed").ExpectSuccess();
            Assert.Empty(Directory.EnumerateFileSystemEntries(bundle.Store));
        }
        output.WriteLine(string.Join(' ', found.GroupBy(static status => status).Select(static group => $"{group.Key} {group.Count()}")));
        leaks.Compare();
    }

    [Fact]
    public void A_full_disk_for_the_state_is_an_error_and_nothing_is_left_of_the_container()
    {
        bundle.Linux["cgroupsPath"] = $"/littlebox-oci-test-{Environment.ProcessId}-full";
        bundle.Config["hooks"] = JsonNode.Parse("""{ "createRuntime": [{ "path": "/bin/true" }] }""");
        bundle.Write("sleep", "1000");
        var leaks = new LeakCheck(bundle.Store);
        // From no room at all to enough, by blocks and by files.
        string[] limits = [.. Enumerable.Range(1, 5).Select(static pages => $"size={pages * 4}k"), .. Enumerable.Range(1, 7).Select(static inodes => $"nr_inodes={inodes}")];
        Directory.CreateDirectory(bundle.Store);
        RunResult result = Program.Run("unshare", ["--mount", "--propagation", "private", "bash", "-euc", $"""
            for limit in {string.Join(' ', limits)}; do
                mount -t tmpfs -o mode=700,$limit tmpfs {bundle.Store}
                code=0
                {OciBundle.Binary} --root {bundle.Store} create --bundle {bundle.Bundle} full </dev/null >/dev/null 2>{bundle.Sandbox["errors"]} || code=$?
                if [ $code = 0 ]; then {OciBundle.Binary} --root {bundle.Store} delete full; fi
                if [ $code = 1 ]; then grep -q 'level=error.*[Nn]o space left' {bundle.Sandbox["errors"]} || cat {bundle.Sandbox["errors"]}; fi
                echo "$limit $code $(ls -A {bundle.Store})"
                umount {bundle.Store}
            done
            """]).ExpectSuccess();
        output.WriteLine(result.Output);
        foreach (string line in result.Lines) Assert.Matches(@"^(size|nr_inodes)=\d+k? [01] $", line);
        Assert.Contains(result.Lines, static line => line.EndsWith(" 0 ", StringComparison.Ordinal));
        Assert.Contains(result.Lines, static line => line.EndsWith(" 1 ", StringComparison.Ordinal));
        leaks.Compare();
    }

    [Fact]
    public void A_disk_that_is_full_once_a_container_is_there_is_in_nobody_s_way()
    {
        bundle.Write("sleep", "1000");
        Directory.CreateDirectory(bundle.Store);
        bundle.Sandbox.Write("script", $$"""
            set -eu
            oci() { "$LITTLEBOX" --root {{bundle.Store}} "$@" </dev/null; }
            mount -t tmpfs -o mode=700,size=32k tmpfs {{bundle.Store}}
            oci create --bundle {{bundle.Bundle}} full >/dev/null
            head -c 100000 /dev/zero > {{bundle.Store}}/full/rubbish 2>/dev/null || true
            oci start full
            oci exec full true
            oci update --pids-limit 30 full
            oci pause full
            oci resume full
            oci state full | grep -o running
            oci kill full KILL
            until oci state full | grep -q stopped; do sleep 0.02; done
            oci delete full
            ls -A {{bundle.Store}}
            """);
        Assert.Equal(["running"], Program.Run("unshare", ["--mount", "--propagation", "private", "bash", bundle.Sandbox["script"]], environment: [("LITTLEBOX", OciBundle.Binary)]).ExpectSuccess().Lines);
    }

    [Fact]
    public void A_killed_parent_does_not_keep_a_container_from_being_made()
    {
        bundle.Config["hooks"] = JsonNode.Parse($$"""{ "createRuntime": [{ "path": "/bin/sh", "args": ["sh", "-c", "echo > {{bundle.Sandbox["waits"]}}; while ! [ -e {{bundle.Sandbox["go"]}} ]; do sleep 0.02; done"], "env": ["PATH=/bin:/usr/bin"] }] }""");
        bundle.Write("sleep", "1000");
        using RunningProgram parent = Program.Start("bash", ["-c", $"{OciBundle.Binary} --root {bundle.Store} create --bundle {bundle.Bundle} orphan </dev/null >/dev/null 2>&1; true"]);
        Await(() => File.Exists(bundle.Sandbox["waits"]));
        Assert.Equal("creating", bundle.Status("orphan"));
        parent.Signal(9);
        File.WriteAllText(bundle.Sandbox["go"], "");
        bundle.AwaitStatus("orphan", "created");
        bundle.Oci("start", "orphan").ExpectSuccess();
        bundle.Delete("orphan");
    }

    [Theory]
    [InlineData("createRuntime", "delete", "--force")]
    [InlineData("createRuntime", "kill", "KILL")]
    [InlineData("createContainer", "delete", "--force")]
    [InlineData("startContainer", "delete", "--force")]
    public void A_hook_that_hangs_for_ever_does_not_keep_anybody_from_ending_the_container(string point, string verb, string option)
    {
        var leaks = new LeakCheck(bundle.Store);
        string file = point == "startContainer" ? "/began" : bundle.Sandbox["began"];
        bundle.Config["hooks"] = JsonNode.Parse($$"""{ "{{point}}": [{ "path": "/bin/sh", "args": ["sh", "-c", "echo > {{file}}; exec sleep 98765"], "env": ["PATH=/bin:/usr/bin"] }] }""");
        bundle.Write("sleep", "1000");
        using RunningProgram creator = Program.Start("bash", ["-c", $"exec {OciBundle.Binary} --root {bundle.Store} run --detach --bundle {bundle.Bundle} hung </dev/null >/dev/null 2>{bundle.Sandbox["errors"]}"]);
        Await(() => File.Exists(point == "startContainer" ? bundle.Sandbox["bundle/rootfs/began"] : file));
        bundle.Oci(verb == "kill" ? ["kill", "hung", option] : [verb, option, "hung"]).ExpectSuccess();
        creator.WaitForEnd();
        bundle.Oci("state", "hung").ExpectExit(1);
        Assert.Equal(1, Program.Run("pgrep", ["-f", "^sleep 98765"]).ExitCode);
        leaks.Compare();
    }

    [Fact]
    public void A_run_that_is_killed_leaves_its_container_running_and_whole()
    {
        bundle.Write("sleep", "1000");
        using RunningProgram run = bundle.StartOci("run", "--bundle", bundle.Bundle, "left");
        Await(() => bundle.Oci("state", "left").Output.Contains("running", StringComparison.Ordinal));
        run.Signal(9);
        Assert.Equal(137, run.WaitForEnd().ExitCode);
        Assert.Equal("running", bundle.Status("left"));
        bundle.Oci("exec", "left", "true").ExpectSuccess();
        bundle.Oci("kill", "left", "KILL").ExpectSuccess();
        bundle.AwaitStatus("left", "stopped");
        bundle.Oci("delete", "left").ExpectSuccess();
    }

    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    [InlineData("run", "--detach")]
    [InlineData("run", "--keep")]
    public void A_pid_file_that_cannot_be_written_is_an_error_and_no_process_is_left(string verb, params string[] options)
    {
        var leaks = new LeakCheck(bundle.Store);
        bundle.Write("sleep", "1000");
        RunResult result = bundle.Create("pidless", verb, ["--pid-file", bundle.Sandbox["nowhere/pid"], .. options]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("nowhere", result.Errors, StringComparison.Ordinal);
        if (options.Contains("--keep"))
        {
            Assert.Equal("stopped", bundle.Status("pidless"));
            bundle.Oci("delete", "pidless").ExpectSuccess();
        }
        leaks.Compare();
    }

    [Theory]
    [InlineData]
    [InlineData("--detach")]
    public void A_pid_file_of_exec_that_cannot_be_written_ends_the_process_and_leaves_the_container(params string[] options)
    {
        bundle.Start("host", "sleep", "1000");
        RunResult result = Program.Bash($"code=0; {OciBundle.Binary} --root {bundle.Store} exec --pid-file {bundle.Sandbox["nowhere/pid"]} {string.Join(' ', options)} host sleep 1001 </dev/null >/dev/null 2>{bundle.Sandbox["errors"]} || code=$?; cat {bundle.Sandbox["errors"]} >&2; exit $code");
        Assert.Equal(255, result.ExitCode);
        Assert.Contains("nowhere", result.Errors, StringComparison.Ordinal);
        Assert.Equal(2, bundle.Oci("ps", "host", "-o", "pid,args").ExpectSuccess().Lines.Length);
    }

    [Fact]
    public void Start_names_the_step_that_failed()
    {
        bundle.Process["noNewPrivileges"] = true;
        bundle.Write("sleep", "1000");
        string errors = bundle.Oci("create", "--inject-fault", "999:EIO", "--bundle", bundle.Bundle, "failing").ExpectExit(1).Errors;
        int steps = int.Parse(errors[(errors.IndexOf("has ", StringComparison.Ordinal) + 4)..].Split(' ')[0]);
        bundle.Create("failing", "create", "--inject-fault", $"{steps - 1}:EIO").ExpectSuccess();
        Assert.Contains("Forbid new privileges: input/output error", bundle.Oci("start", "failing").ExpectExit(1).Errors, StringComparison.Ordinal);
        Assert.Equal("stopped", bundle.Status("failing"));
        bundle.Delete("failing");
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(3, 1024)]
    public void A_limit_of_open_files_counts_for_the_program_and_not_for_the_runtime(int soft, int hard)
    {
        bundle.Process["rlimits"] = JsonNode.Parse($$"""[{ "type": "RLIMIT_NOFILE", "soft": {{soft}}, "hard": {{hard}} }]""");
        Assert.Equal([$"{soft}", $"{hard}"], bundle.Run("sh", "-c", "ulimit -n; ulimit -Hn").ExpectSuccess().Lines);
        bundle.Start("limited", "sleep", "1000");
        Assert.Equal([$"{soft}", $"{hard}"], bundle.Oci("exec", "limited", "sh", "-c", "ulimit -n; ulimit -Hn").ExpectSuccess().Lines);
    }

    private static void Await(Func<bool> condition)
    {
        for (int tries = 0; tries < 1000 && !condition(); tries++) Thread.Sleep(10);
        Assert.True(condition());
    }
}
