using Littlebox.Linux;

namespace Littlebox.Namespaces.Tests;

public sealed class EnterTests : IDisposable
{
    private readonly string output = Path.GetTempFileName();

    public EnterTests() => Machine.NeedRoot();

    public void Dispose() => File.Delete(output);

    [Fact]
    public void A_command_is_in_the_namespaces_of_the_target_as_nsenter_has_it()
    {
        using Held held = Held.Unshare("--uts", "--ipc", "--net", "--time", "--cgroup", "--pid", "--fork", "--kill-child");
        int pid = held.Child();
        const string Look = "readlink /proc/self/ns/uts /proc/self/ns/ipc /proc/self/ns/net /proc/self/ns/time /proc/self/ns/cgroup /proc/self/ns/pid /proc/self/ns/mnt";
        string expected = Machine.Run("nsenter", "--target", $"{pid}", "--uts", "--ipc", "--net", "--time", "--cgroup", "--pid", "sh", "-c", Look);
        using OpenNamespaces target = TargetResolver.OpenProcess(pid, "it", null);
        Assert.Equal(0, Enter(target, All, Look));
        Assert.Equal(expected, File.ReadAllText(output));
    }

    [Fact]
    public void A_process_in_an_entered_pid_namespace_is_a_child_there_and_ours()
    {
        using Held held = Held.Unshare("--pid", "--fork", "--kill-child", "--mount-proc");
        using OpenNamespaces target = TargetResolver.OpenProcess(held.Child(), "it", null);
        Assert.Equal(0, Enter(target, All, "cat /proc/1/comm; test $$ -lt 100 && echo low"));
        Assert.Equal("sleep\nlow\n", File.ReadAllText(output));
    }

    [Fact]
    public void A_user_namespace_is_entered_first_and_one_is_root_in_it()
    {
        using Held held = Held.Unshare("--user", "--map-root-user", "--net", "--mount", "--uts");
        using OpenNamespaces target = TargetResolver.OpenProcess(held.Pid, "it", null);
        Assert.Equal(0, Enter(target, All, "readlink /proc/self/ns/user /proc/self/ns/net; id -u; hostname inside && hostname"));
        Assert.Equal($"{held.Of("user")}\n{held.Of("net")}\n0\ninside\n", File.ReadAllText(output));
        Assert.NotEqual("inside", Kernel.Uname().Node);
    }

    [Fact]
    public void Namespaces_of_several_owners_are_entered_one_by_one()
    {
        // The user namespace is the target's own, the network namespace belongs to the machine's.
        using Held outer = Held.Unshare("--net");
        using Held held = Held.Start("nsenter", "--target", $"{outer.Pid}", "--net", "unshare", "--user", "--map-root-user", "sh", "-c", "echo ready; exec sleep 300");
        using OpenNamespaces target = TargetResolver.OpenProcess(held.Pid, "it", null);
        Assert.Equal(0, Enter(target, All, "readlink /proc/self/ns/user /proc/self/ns/net"));
        Assert.Equal($"{held.Of("user")}\n{outer.Of("net")}\n", File.ReadAllText(output));
    }

    [Fact]
    public void An_ordinary_user_enters_what_is_his_own() => Machine.OnOwnThread(() =>
    {
        File.SetUnixFileMode(output, (UnixFileMode)0x1b6);
        Machine.BecomeNobody();
        Assert.SkipUnless(Machine.TryRun("unshare", "--user", "true").Code == 0, "needs user namespaces for ordinary users");
        using Held held = Held.Unshare("--user", "--map-root-user", "--net", "--uts");
        using OpenNamespaces target = TargetResolver.OpenProcess(held.Pid, "it", null);
        Assert.Equal(0, Enter(target, All, "readlink /proc/self/ns/net; id -u"));
        Assert.Equal($"{held.Of("net")}\n0\n", File.ReadAllText(output));
    });

    [Fact]
    public void A_pin_can_be_entered() => Machine.WithPrivateRun(() =>
    {
        var pins = new NamespacePins();
        NamespaceMaker.Make(pins, NamespaceFlags.Network | NamespaceFlags.Uts | NamespaceFlags.User, "blue", IdMapping.Root);
        using OpenNamespaces target = new TargetResolver(NoContainers.Instance, pins).Open("blue");
        Assert.Equal(0, Enter(target, NamespaceFlags.Network | NamespaceFlags.Uts | NamespaceFlags.User, "readlink /proc/self/ns/net /proc/self/ns/user"));
        Assert.Equal($"{target[NamespaceFlags.Network]}\n{target[NamespaceFlags.User]}\n", File.ReadAllText(output));
    });

    [Fact]
    public void The_root_of_the_process_is_followed()
    {
        using Held held = Held.Start("unshare", "--mount", "--propagation", "private", "sh", "-c",
            "mount -t tmpfs tmpfs /mnt && mkdir -p /mnt/inner && mount --rbind / /mnt/inner && cd / && exec chroot /mnt/inner sh -c 'cd /usr; echo ready; exec sleep 300'");
        using OpenNamespaces target = TargetResolver.OpenProcess(held.Pid, "it", null);
        Assert.Equal(0, Enter(target, All, $"pwd; stat -c %m / ; test /proc/{held.Pid}/root/. -ef /. && echo same"));
        Assert.EndsWith("same\n", File.ReadAllText(output));
        Assert.StartsWith("/\n", File.ReadAllText(output));
        Assert.Equal(0, NamespaceEntry.Run(target, Request(All, "sh", "-c", $"pwd > {output}") with { FollowWorkingDirectory = true }));
        Assert.Equal("/usr\n", File.ReadAllText(output));
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    public void The_exit_code_is_the_commands(string script, int code)
    {
        using Held held = Held.Unshare("--pid", "--fork", "--kill-child", "--uts");
        using OpenNamespaces target = TargetResolver.OpenProcess(held.Child(), "it", null);
        Assert.Equal(code, NamespaceEntry.Run(target, Request(All, "sh", "-c", script)));
        Assert.Equal(code, NamespaceEntry.Run(target, Request(NamespaceFlags.Uts, "sh", "-c", script)));
    }

    [Theory]
    [InlineData("no-such-command-anywhere", ErrorKind.CommandNotFound)]
    [InlineData("/no/such/command", ErrorKind.CommandNotFound)]
    [InlineData("/etc/passwd", ErrorKind.CommandNotExecutable)]
    public void A_command_that_cannot_be_executed_is_said_to_be_so(string command, ErrorKind kind)
    {
        using Held held = Held.Unshare("--pid", "--fork", "--kill-child");
        using OpenNamespaces target = TargetResolver.OpenProcess(held.Child(), "it", null);
        Assert.Equal(kind, Assert.Throws<LittleboxException>(() => NamespaceEntry.Run(target, Request(All, command))).Kind);
        Assert.Equal(kind, Assert.Throws<LittleboxException>(() => NamespaceEntry.Run(target, Request(NamespaceFlags.Uts, command))).Kind);
    }

    [Fact]
    public void A_dead_pid_namespace_cannot_be_entered_and_the_error_says_why() => Machine.WithPrivateRun(() =>
    {
        var pins = new NamespacePins();
        using (Held held = Held.Unshare("--pid", "--fork", "--kill-child"))
        {
            using OpenNamespaces alive = TargetResolver.OpenProcess(held.Child(), "it", null);
            pins.Pin(alive, [(NamespaceFlags.Pid, "dead")]);
        }
        using OpenNamespaces target = pins.TryOpen("dead")!;
        LittleboxException error = Assert.Throws<LittleboxException>(() => NamespaceEntry.Run(target, Request(NamespaceFlags.Pid, "true")));
        Assert.Contains("first process has ended", error.Message);
    });

    private const NamespaceFlags All = NamespaceFlags.Mount | NamespaceFlags.Network | NamespaceFlags.Pid | NamespaceFlags.Uts | NamespaceFlags.Ipc
        | NamespaceFlags.User | NamespaceFlags.CGroup | NamespaceFlags.Time;

    private static EntryRequest Request(NamespaceFlags kinds, params string[] command) => new(command, kinds) { Environment = ["PATH=/usr/bin:/bin:/usr/sbin:/sbin"] };

    private int Enter(OpenNamespaces target, NamespaceFlags kinds, string script) => NamespaceEntry.Run(target, Request(kinds, "sh", "-c", $"( {script} ) > {output} 2>&1"));
}
