namespace Littlebox.Integration.Tests;

/// <summary>Each kind of namespace, private, the host's, another container's or by a path: compared inode by inode.</summary>
public sealed class NamespaceTests : IDisposable
{
    private static readonly (string Option, string File)[] Kinds = [("net", "net"), ("pid", "pid"), ("ipc", "ipc"), ("uts", "uts"), ("cgroupns", "cgroup"), ("userns", "user"), ("time", "time")];

    private readonly Sandbox sandbox = new();
    private readonly string root;

    public NamespaceTests() => root = sandbox.MakeRoot();

    public static TheoryData<string, string> All => [.. Kinds.Select(static kind => (kind.Option, kind.File))];

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void Mount_uts_ipc_net_pid_and_cgroup_are_new_and_user_and_time_the_host_s()
    {
        string[] seen = Inside();
        foreach (string kind in new[] { "mnt", "uts", "ipc", "net", "pid", "cgroup" }) Assert.DoesNotContain(Host(kind), seen);
        foreach (string kind in new[] { "user", "time" }) Assert.Contains(Host(kind), seen);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_private_namespace_is_another_than_the_host_s(string option, string file)
    {
        string[] seen = Inside($"--{option}=private");
        Assert.DoesNotContain(Host(file), seen);
        Assert.Contains(seen, link => link.StartsWith(file + ":", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_host_s_namespace_is_shared(string option, string file) => Assert.Contains(Host(file), Inside($"--{option}=host"));

    [Theory]
    [MemberData(nameof(All))]
    public void Another_container_s_namespace_is_shared(string option, string file)
    {
        using RunningProgram other = NativeBinary.Start(["run", "--name", "other", "--pidfile", sandbox["pid"], .. option is "userns" or "time" ? (string[])[$"--{option}=private"] : [], root, "sh", "-c", "echo ready; exec sleep 1000"]);
        other.WaitForOutput("ready");
        for (int tries = 0; !File.Exists(sandbox["pid"]) && tries < 500; tries++) Thread.Sleep(10);
        string theirs = Linux.Kernel.TryReadLink($"/proc/{File.ReadAllText(sandbox["pid"]).Trim()}/ns/{file}")!;
        Assert.NotEqual(Host(file), theirs);
        Assert.Contains(theirs, Inside($"--{option}=container:other"));
        Assert.Contains(theirs, Inside($"--{option}=ns:/proc/{File.ReadAllText(sandbox["pid"]).Trim()}/ns/{file}"));
    }

    [Fact]
    public void All_namespaces_of_another_container_are_shared_at_once()
    {
        using RunningProgram other = NativeBinary.Start(["run", "--name", "other", "--hostname", "theirs", "--userns=private", "--time=private", root, "sh", "-c", "echo ready; exec sleep 1000"]);
        other.WaitForOutput("ready");
        string[] theirs = NativeBinary.Run("exec", "other", "sh", "-c", Links).ExpectSuccess().Lines;
        string[] seen = Inside([.. Kinds.Select(static kind => $"--{kind.Option}=container:other")]);
        Assert.Equal(theirs.Where(static link => !link.StartsWith("mnt:", StringComparison.Ordinal)), seen.Where(static link => !link.StartsWith("mnt:", StringComparison.Ordinal)));
        Assert.NotEqual(theirs.Single(static link => link.StartsWith("mnt:", StringComparison.Ordinal)), seen.Single(static link => link.StartsWith("mnt:", StringComparison.Ordinal)));
    }

    [Fact]
    public void Processes_of_a_shared_pid_namespace_see_each_other_and_are_not_process_1()
    {
        using RunningProgram other = NativeBinary.Start("run", "--name", "other", root, "sh", "-c", "echo ready; exec sleep 1234");
        other.WaitForOutput("ready");
        RunResult result = NativeBinary.Run("run", "--pid=container:other", root, "sh", "-c", "cat /proc/1/cmdline | tr '\\0' ' '; echo; echo $$").ExpectSuccess();
        Assert.Equal("sleep 1234 ", result.Lines[0]);
        Assert.NotEqual("1", result.Lines[1]);
    }

    [Fact]
    public void The_end_of_a_shared_pid_namespace_ends_the_guest()
    {
        using var leaks = new LeakCheck();
        using RunningProgram other = NativeBinary.Start("run", "--name", "other", root, "sh", "-c", "echo ready; exec sleep 1234");
        other.WaitForOutput("ready");
        using RunningProgram guest = NativeBinary.Start("run", "--pid=container:other", root, "sh", "-c", "echo guest; exec sleep 1000");
        guest.WaitForOutput("guest");
        other.Signal(15);
        other.WaitForEnd().ExpectExit(143);
        guest.WaitForEnd().ExpectExit(137);
    }

    [Fact]
    public void With_the_host_s_network_the_host_s_name_servers_are_there_and_sysfs_shows_the_host_s_links()
    {
        string[] lines = NativeBinary.Run("run", "--net=host", root, "sh", "-c", "ls /sys/class/net; cat /etc/resolv.conf").ExpectSuccess().Lines;
        Assert.Equal([.. Directory.GetFileSystemEntries("/sys/class/net").Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal), .. File.ReadAllLines("/etc/resolv.conf")], lines);
    }

    [Fact]
    public void A_private_time_namespace_starts_at_the_host_s_times() =>
        Assert.True(double.Parse(NativeBinary.Run("run", "--time=private", root, "cut", "-d.", "-f1", "/proc/uptime").ExpectSuccess().Output) > 1);

    [Theory]
    [InlineData("--net=ns:/proc/self/ns/uts", "not a network namespace")]
    [InlineData("--net=ns:/etc/passwd", "not a network namespace")]
    [InlineData("--net=ns:/no/such/file", "no such file or directory")]
    [InlineData("--net=container:nobody", "no container of the name 'nobody' runs")]
    [InlineData("--net=container:", "not a namespace")]
    [InlineData("--net=bridge", "not a namespace")]
    [InlineData("--pid=", "")]
    [InlineData("--uts=host --hostname=changed", "the uts namespace is shared")]
    public void A_namespace_that_cannot_be_joined_is_an_error(string options, string words)
    {
        using var leaks = new LeakCheck();
        RunResult result = NativeBinary.Run(["run", .. options.Split(' '), root, "true"]).ExpectExit(125);
        Assert.Contains(words, result.Errors, StringComparison.Ordinal);
    }

    private const string Links = "for kind in cgroup ipc mnt net pid time user uts; do readlink /proc/self/ns/$kind; done";

    private string[] Inside(params string[] options) => NativeBinary.Run(["run", .. options, root, "sh", "-c", Links]).ExpectSuccess().Lines;

    private static string Host(string kind) => Linux.Kernel.TryReadLink($"/proc/self/ns/{kind}")!;
}
