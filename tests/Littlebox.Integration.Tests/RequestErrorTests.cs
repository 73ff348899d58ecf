using System.Globalization;

namespace Littlebox.Integration.Tests;

/// <summary>A bad request is refused before anything is touched: the option is named, and its valid forms or the remedy.</summary>
public sealed class RequestErrorTests : IDisposable
{
    private readonly Sandbox sandbox = new();
    private readonly string root;

    public RequestErrorTests()
    {
        root = sandbox.MakeRoot();
        // What a littlebox before us has left, a killed one for instance, is tidied up now; and the store of roots is there.
        NativeBinary.Run("run", "default", "true").ExpectExit(0);
    }

    public void Dispose() => sandbox.Dispose();

    [Theory]
    [InlineData("missing", "ROOT=SANDBOX/nothing", "no such file or directory", "SANDBOX/nothing")]
    [InlineData("a directory that is missing", "ROOT=SANDBOX/nothing/below", "no such file or directory", "SANDBOX/nothing/below")]
    [InlineData("below a file", "ROOT=SANDBOX/file/below", "not a directory", "SANDBOX/file/below")]
    [InlineData("a file", "ROOT=SANDBOX/file", "less than a tar header", "SANDBOX/file")]
    [InlineData("an empty file", "ROOT=SANDBOX/nil", "the archive is an empty file", "SANDBOX/nil")]
    [InlineData("a larger file that is no archive", "ROOT=SANDBOX/text", "archive", "SANDBOX/text")]
    [InlineData("a device", "ROOT=/dev/null", "neither a directory nor an archive", "/dev/null")]
    [InlineData("a pipe", "ROOT=SANDBOX/pipe", "neither a directory nor an archive", "SANDBOX/pipe")]
    [InlineData("an empty directory", "ROOT=SANDBOX/empty", "an empty directory", "SANDBOX/empty")]
    [InlineData("a word", "ROOT=debian", "write ./debian", "debian")]
    [InlineData("empty", "ROOT=", "it is empty", "")]
    public void A_root_that_is_none_is_refused(string what, string option, string words, string given)
    {
        sandbox.Write("file", "hello\n");
        sandbox.Write("nil", "");
        sandbox.Write("text", string.Concat(Enumerable.Repeat("This is no archive.\n", 1000)));
        Directory.CreateDirectory(sandbox["empty"]);
        Program.Run("mkfifo", [sandbox["pipe"]]).ExpectSuccess();
        Refused([InSandbox(given)], InSandbox(option), words, what);
    }

    [Theory]
    [InlineData(true, "--uidmap=0:100000:10", "--uidmap=0:100000:10: an ordinary user may map ids of /etc/subuid only, and it gives littlebox-tester 3000000 to 3065535; 'usermod --add-subuids 100000-100009 --add-subgids 100000-100009 littlebox-tester' gives these", "valid form: 0:3000000:10")]
    [InlineData(true, "--uidmap=0:3000000:65537", "it gives littlebox-tester 3000000 to 3065535", "valid form: 0:3000000:65536")]
    [InlineData(false, "--uidmap=0:100000:10", "an ordinary user may map ids of /etc/subuid only, and it gives littlebox-tester nothing", "valid form: 0:47110:1")]
    public void Ids_that_are_not_an_ordinary_user_s_to_map_are_refused_with_those_that_are_and_the_line_that_gives_more(bool subordinateIds, string option, string words, string form)
    {
        using var user = new OrdinaryUser(subordinateIds);
        user.Run("run", "default", "true").ExpectExit(0);
        using var leaks = new LeakCheck(user.Home);
        RunResult result = user.Run("run", option, "default", "true").ExpectExit(125);
        Assert.Contains(words, result.Errors.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains(form, result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--uidmap=0:3000000:10", "3000000 10")]
    [InlineData("--uidmap=0:47110:1", "47110 1")]
    public void Ids_that_are_an_ordinary_user_s_are_mapped(string option, string line)
    {
        using var user = new OrdinaryUser(subordinateIds: true);
        Assert.Matches($@"^ *0 +{line.Replace(" ", " +", StringComparison.Ordinal)}\n$", user.Run("run", option, "default", "cat", "/proc/self/uid_map").ExpectExit(0).Output);
    }

    [Theory]
    [InlineData("-v SANDBOX/nothing:/data", "--volume=SANDBOX/nothing:/data", "no such file or directory; make it first")]
    [InlineData("--mount type=bind,source=SANDBOX/nothing,target=/data", "--mount=type=bind,source=SANDBOX/nothing", "no such file or directory; make it first")]
    [InlineData("-v data:/data", "--volume=data:/data", "write ./data")]
    [InlineData("-v SANDBOX", "--volume=SANDBOX", "not a source and a target")]
    [InlineData("-v SANDBOX:data", "--volume=SANDBOX:data", "not an absolute path")]
    [InlineData("-v SANDBOX:/data:fast", "--volume=SANDBOX:/data:fast", "no option 'fast'")]
    [InlineData("--mount type=volume,target=/data", "--mount=type=volume,target=/data", "no type 'volume'")]
    [InlineData("--mount type=tmpfs", "--mount=type=tmpfs", "target= is missing")]
    [InlineData("--tmpfs /data:colour=red", "--tmpfs=/data:colour=red", "colour")]
    [InlineData("--tmpfs /data:size=1x", "--tmpfs=/data:size=1x", "'1x' is no value for size=")]
    [InlineData("--tmpfs /data:size=-1", "--tmpfs=/data:size=-1", "'-1' is no value for size=")]
    [InlineData("--tmpfs /data:size=", "--tmpfs=/data:size=", "'' is no value for size=")]
    [InlineData("--tmpfs /data:size=18446744073709551615", "--tmpfs=/data:size=18446744073709551615", "is no value for size=")]
    [InlineData("--tmpfs /data:size=8e", "--tmpfs=/data:size=8e", "is no value for size=")]
    [InlineData("--tmpfs /data:size=101%", "--tmpfs=/data:size=101%", "is no value for size=")]
    [InlineData("--tmpfs /data:nr_inodes=many", "--tmpfs=/data:nr_inodes=many", "is no value for nr_inodes=")]
    [InlineData("--tmpfs /data:uid=4294967295", "--tmpfs=/data:uid=4294967295", "is no value for uid=")]
    [InlineData("--tmpfs /data:mode=888", "--tmpfs=/data:mode=888", "is no value for mode=")]
    [InlineData("--mount type=tmpfs,target=/data,tmpfs-size=1x", "--mount=type=tmpfs,target=/data,tmpfs-size=1x", "'tmpfs-size=1x'")]
    [InlineData("--mount type=bind,source=/etc,tgt=/data", "--mount=type=bind,source=/etc,tgt=/data", "no key 'tgt'")]
    [InlineData("--mount colour=red", "--mount=colour=red", "no key 'colour'")]
    [InlineData("--userns ns:/proc/self/ns/user", "--userns=ns:/proc/self/ns/user", "the user namespace littlebox is in itself")]
    [InlineData("--trace=", "--trace=", "a file to write the times to")]
    [InlineData("--name no/name", "--name=\"no/name\"", "not a name for a container")]
    [InlineData("--name ..", "--name=\"..\"", "not a name for a container")]
    [InlineData("--hostname a/b", "--hostname=a/b", "cannot stand in a host name")]
    [InlineData("-w relative", "--workdir=relative", "not an absolute path")]
    [InlineData("-e =value", "--env==value", "the name is missing")]
    [InlineData("--cap-add FLY", "--cap-add=FLY", "no capability of that name")]
    [InlineData("--uidmap 0:100000", "--uidmap=0:100000", "not a range of ids")]
    [InlineData("--gidmap 0:4294967295:2", "--gidmap=0:4294967295:2", "not a range of ids")]
    [InlineData("--uidmap 1:100000:10", "--uidmap", "id 0 of the container must be mapped")]
    [InlineData("--inject-fault nowhere", "--inject-fault=nowhere", "not a fault")]
    public void An_option_that_is_wrong_is_named_with_its_valid_forms(string options, string named, string words) =>
        Refused([.. InSandbox(options).Split(' '), root], InSandbox(named), words, options);

    [Fact]
    public void A_host_name_of_65_bytes_is_refused()
    {
        RunResult result = Refused(["--hostname", new string('a', 65), root], "--hostname=" + new string('a', 65), "1 to 64 bytes, this one 65");
        Assert.Contains("64 at most", result.Errors, StringComparison.Ordinal);
        // Bytes are counted, not characters.
        Refused(["--hostname", new string('ä', 33), root], "--hostname=", "this one 66");
    }

    [Fact]
    public void A_name_in_use_is_refused_and_its_container_is_told()
    {
        using RunningProgram other = NativeBinary.Start("run", "--name", "taken", root, "sh", "-c", "echo ready; exec sleep 1000");
        other.WaitForOutput("ready");
        RunResult result = Refused(["--name", "taken", root], "--name=taken", "in use by a running container (PID ", clean: false);
        Assert.Contains("choose another, or end that one", result.Errors, StringComparison.Ordinal);
        Assert.Contains("sleep 1000", result.Errors, StringComparison.Ordinal);
        Assert.False(other.HasEnded);
    }

    [Theory]
    [InlineData("--name", "a\nb")]
    [InlineData("--hostname", "a\nb")]
    [InlineData("--env", "NA\nME=value")]
    [InlineData("--workdir", "/a\nb")]
    [InlineData("--user", "ro\not")]
    [InlineData("--pidfile", "/tmp/a\nb")]
    [InlineData("--volume", "/etc:/a\nb")]
    [InlineData("--volume", "/e\ntc:/a")]
    [InlineData("--mount", "type=tmpfs,target=/a\nb")]
    [InlineData("--tmpfs", "/a\nb")]
    [InlineData("--tmpfs", "/a:size=\n1")]
    [InlineData("--net", "ns:/a\nb")]
    [InlineData("--pid", "container:a\nb")]
    [InlineData("--ipc", "pri\nvate")]
    [InlineData("--uts", "\n")]
    [InlineData("--cgroupns", "private\n")]
    [InlineData("--userns", "\nhost")]
    [InlineData("--time", "ns:\n")]
    [InlineData("--uidmap", "0:\n0:1")]
    [InlineData("--gidmap", "0:0:1\n")]
    [InlineData("--cap-add", "NET_\nADMIN")]
    [InlineData("--cap-drop", "ALL\n")]
    [InlineData("ROOT", "/ro\not")]
    public void A_newline_in_a_string_is_refused(string option, string value)
    {
        RunResult result = Refused(option == "ROOT" ? [value] : [option, value, root], option, "", $"{option} {value}");
        // It is shown as \n: the message stays one line, with a line of details.
        Assert.Contains("\\n", result.Errors.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_newline_in_the_command_or_in_a_value_of_the_environment_is_no_mistake() =>
        Assert.Equal("a\nb c\nd", NativeBinary.Run("run", "-e", "LINES=a\nb", root, "sh", "-c", "printf %s \"$LINES $1\"", "sh", "c\nd").ExpectSuccess().Output);

    [Theory]
    [InlineData("tar", 0.5)]
    [InlineData("tar", 0.9)]
    [InlineData("tar.gz", 0.1)]
    [InlineData("tar.gz", 0.99)]
    [InlineData("tar.zst", 0.1)]
    [InlineData("tar.zst", 0.99)]
    [InlineData("tar.xz", 0.1)]
    [InlineData("tar.xz", 0.99)]
    public void An_archive_that_was_cut_short_is_refused_and_nothing_of_it_stays(string kind, double part)
    {
        string archive = sandbox["root." + kind];
        Program.Bash($"tar -C {root} --auto-compress -cf {archive} .").ExpectSuccess();
        using (FileStream file = File.OpenWrite(archive)) file.SetLength((long)(file.Length * part));
        RunResult result = Refused([archive], $"ROOT={archive}: ", "cut short", string.Create(CultureInfo.InvariantCulture, $"{kind} {part}"));
        Assert.Contains("fetch or make it again", result.Errors, StringComparison.Ordinal);
        // The same again: no half of a root is taken for a whole one.
        Refused([archive], $"ROOT={archive}: ", "cut short");
    }

    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("--net=nowhere")]
    [InlineData("--hostname=a/b")]
    public void What_run_refuses_is_a_wrong_command_line_of_explain(string option)
    {
        string refused = NativeBinary.Run("run", option, root, "true").ExpectExit(125).Errors;
        Assert.Equal(refused, NativeBinary.Run("explain", "run", option, root, "true").ExpectExit(2).Errors);
    }

    [Theory]
    [InlineData("1048576")]
    [InlineData("1024k")]
    [InlineData("1M")]
    public void A_size_of_a_file_system_in_memory_is_what_it_gets(string size) =>
        Assert.Equal("1024\n", NativeBinary.Run("run", "--tmpfs", $"/tmp:size={size}", root, "sh", "-c", "df -k /tmp | tail -n 1 | awk '{ print $2 }'").ExpectSuccess().Output);

    private string InSandbox(string text) => text.Replace("SANDBOX", sandbox.Path, StringComparison.Ordinal);

    private RunResult Refused(string[] words, string named, string reason, string what = "", bool clean = true)
    {
        LeakCheck? leaks = clean ? new LeakCheck("/run/littlebox", "/var/lib/littlebox", sandbox.Path) : null;
        RunResult result = NativeBinary.Run(["run", .. words, "true"]).ExpectExit(125);
        Assert.Equal("", result.Output);
        string sentence = result.Errors.Split('\n')[0];
        Assert.True(sentence.StartsWith("littlebox: " + named, StringComparison.Ordinal), $"{what}: {result}");
        Assert.True(sentence.Contains(reason, StringComparison.Ordinal), $"{what}: {result}");
        leaks?.Compare();
        return result;
    }
}
