using Littlebox.Linux;

namespace Littlebox.Namespaces.Tests;

public sealed class PinTests
{
    private readonly NamespacePins pins = new();

    public PinTests() => Machine.NeedRoot();

    [Fact]
    public void A_pinned_network_namespace_outlives_its_process_and_appears_to_ip_netns() => Machine.WithPrivateRun(() =>
    {
        Machine.NeedTool("ip");
        NamespaceId id;
        using (Held held = Held.Unshare("--net"))
        {
            id = held.Of("net");
            Pin(held.Pid, (NamespaceFlags.Network, "blue"));
        }
        Assert.Contains("blue", Machine.Run("ip", "netns", "list"));
        Assert.Equal(id.ToString(), Machine.Run("ip", "netns", "exec", "blue", "readlink", "/proc/self/ns/net").Trim());
        Assert.Equal(id.ToString(), Machine.Run("nsenter", "--net=/run/netns/blue", "readlink", "/proc/self/ns/net").Trim());
        Assert.Equal(0, NamespaceSurvey.Take().Find(id)!.ProcessCount);
        pins.Unpin("blue", NamespaceFlags.None);
        Assert.DoesNotContain("blue", Machine.Run("ip", "netns", "list"));
        Assert.Empty(pins.All());
        Assert.False(Directory.Exists("/run/littlebox/ns/blue"));
    });

    [Fact]
    public void Ip_netns_and_littlebox_use_one_directory() => Machine.WithPrivateRun(() =>
    {
        Machine.NeedTool("ip");
        Machine.Run("ip", "netns", "add", "red");
        using Held held = Held.Unshare("--net");
        Pin(held.Pid, (NamespaceFlags.Network, "blue"));
        Machine.Run("ip", "netns", "add", "green");
        Assert.Equal(["blue", "green", "red"], pins.All().Select(pin => pin.Name));
        Assert.Equal([true, false, false], pins.All().Select(pin => pin.IsOurs));
        Machine.Run("ip", "netns", "del", "blue");
        Assert.Equal(["green", "red"], pins.All().Select(pin => pin.Name));
        pins.Unpin("red", NamespaceFlags.None);
        Assert.Equal("green", Machine.Run("ip", "netns", "list").Trim());
    });

    [Fact]
    public void Every_kind_can_be_pinned_and_nsenter_finds_the_same_namespace() => Machine.WithPrivateRun(() =>
    {
        using Held held = Held.Unshare("--mount", "--uts", "--ipc", "--net", "--cgroup", "--time", "--user", "--map-root-user", "--pid", "--fork", "--kill-child");
        int pid = held.Child();
        Pin(pid, [.. NamespaceKinds.All.Select(kind => (kind, "all"))]);
        using OpenNamespaces opened = pins.TryOpen("all")!;
        foreach (NamespaceFlags kind in NamespaceKinds.All)
        {
            string name = NamespaceKinds.NameOf(kind);
            Assert.Equal(Machine.NamespaceOf(pid, name), opened[kind]);
            if (kind is NamespaceFlags.Pid or NamespaceFlags.Mount or NamespaceFlags.User) continue;
            Assert.Equal(Machine.NamespaceOf(pid, name).ToString(),
                Machine.Run("nsenter", $"--{NamespacePins.OptionOf(kind)}={pins.Places.PathOf(kind, "all")}", "readlink", $"/proc/self/ns/{name}").Trim());
        }
    });

    [Fact]
    public void A_name_in_use_is_refused_and_what_is_there_is_named() => Machine.WithPrivateRun(() =>
    {
        using Held held = Held.Unshare("--uts", "--net");
        Pin(held.Pid, (NamespaceFlags.Uts, "blue"));
        LittleboxException error = Assert.Throws<LittleboxException>(() => Pin(held.Pid, (NamespaceFlags.Network, "blue"), (NamespaceFlags.Uts, "blue")));
        Assert.Contains(held.Of("uts").ToString(), error.Message);
        Assert.DoesNotContain(pins.All(), pin => pin.Kind is NamespaceFlags.Network);
    });

    [Fact]
    public void A_mount_at_the_place_of_pins_that_another_one_hides_is_not_taken_for_theirs() => Machine.WithPrivateRun(() =>
    {
        Machine.Run("mkdir", "-p", "/run/netns", "/run/littlebox/ns");
        foreach (string place in (string[])["/run/netns", "/run/littlebox/ns"]) Machine.Run("mount", "--bind", place, place);
        Machine.Run("mount", "-t", "tmpfs", "tmpfs", "/run");
        NamespaceMaker.Make(pins, NamespaceFlags.Network | NamespaceFlags.Uts, "blue");
        Assert.Equal(2, pins.All().Count);
    });

    [Fact]
    public void Where_one_of_several_fails_none_is_pinned() => Machine.WithPrivateRun(() =>
    {
        using Held held = Held.Unshare("--uts", "--ipc");
        Directory.CreateDirectory("/run/littlebox/ns/blue");
        File.CreateSymbolicLink("/run/littlebox/ns/blue/ipc", "/nowhere");
        Assert.Throws<LittleboxException>(() => Pin(held.Pid, (NamespaceFlags.Uts, "blue"), (NamespaceFlags.Ipc, "blue")));
        Assert.False(File.Exists("/run/littlebox/ns/blue/uts"));
        Assert.DoesNotContain("/run/littlebox/ns/blue", File.ReadAllText("/proc/thread-self/mountinfo"));
    });

    [Fact]
    public void A_mount_namespace_cannot_be_pinned_in_itself() => Machine.WithPrivateRun(() =>
    {
        using OpenNamespaces own = new TargetResolver(NoContainers.Instance, pins).Open($"/proc/{Kernel.ProcessId}/task/{Kernel.ThreadId}/ns/mnt");
        LittleboxException error = Assert.Throws<LittleboxException>(() => pins.Pin(own, [(NamespaceFlags.Mount, "self-made")]));
        Assert.Contains("cannot hold itself", error.Message);
    });

    [Fact]
    public void An_older_mount_namespace_is_refused_by_the_kernel_and_the_error_says_why() => Machine.WithPrivateRun(() =>
    {
        // One that this test has made, and not the process's own: whether that one is older for Linux 6.18 depends on the processor it was made on.
        using OpenNamespaces older = new TargetResolver(NoContainers.Instance, pins).Open($"/proc/{Kernel.ProcessId}/task/{Kernel.ThreadId}/ns/mnt");
        Machine.WithPrivateRun(() =>
        {
            LittleboxException error = Assert.Throws<LittleboxException>(() => pins.Pin(older, [(NamespaceFlags.Mount, "older")]));
            Assert.Contains("older than", error.Message);
            Assert.Empty(pins.All());
        });
    });

    [Fact]
    public void An_ordinary_user_is_told_that_pinning_needs_the_right_to_mount() => Machine.WithPrivateRun(() =>
    {
        File.SetUnixFileMode("/run", (UnixFileMode)0x1ff);
        using Held held = Held.Unshare("--uts");
        using OpenNamespaces target = TargetResolver.OpenProcess(held.Pid, "it", null);
        Machine.OnOwnThread(() =>
        {
            Machine.BecomeNobody();
            LittleboxException error = Assert.Throws<LittleboxException>(() => pins.Pin(target, [(NamespaceFlags.Uts, "blue")]));
            Assert.Equal(ErrorKind.NotSupported, error.Kind);
            Assert.Contains("CAP_SYS_ADMIN", error.Message);
        });
    });

    [Fact]
    public void What_is_no_pin_is_left_alone() => Machine.WithPrivateRun(() =>
    {
        Directory.CreateDirectory("/run/netns");
        File.WriteAllText("/run/netns/data", "precious");
        Assert.Equal(ErrorKind.SafetyViolation, Assert.Throws<LittleboxException>(() => pins.Unpin("data", NamespaceFlags.Network)).Kind);
        pins.Collect(new CollectOptions(Dead: true, MinimumAge: 0));
        Assert.Equal("precious", File.ReadAllText("/run/netns/data"));
    });

    [Fact]
    public void A_pin_that_is_not_there_is_an_error_that_names_those_that_are() => Machine.WithPrivateRun(() =>
    {
        using Held held = Held.Unshare("--uts");
        Pin(held.Pid, (NamespaceFlags.Uts, "blue"));
        LittleboxException error = Assert.Throws<LittleboxException>(() => pins.Unpin("green", NamespaceFlags.None));
        Assert.Contains("blue", Assert.Single(error.Details));
        Assert.Throws<LittleboxException>(() => pins.Unpin("blue", NamespaceFlags.Network));
    });

    [Fact]
    public void Collecting_removes_files_without_a_mount_and_empty_directories_but_not_young_ones() => Machine.WithPrivateRun(() =>
    {
        Directory.CreateDirectory("/run/netns");
        File.WriteAllText("/run/netns/stale", "");
        Directory.CreateDirectory("/run/littlebox/ns/empty");
        Assert.Equal(["/run/littlebox/ns/empty"], pins.Collect(new CollectOptions()).Select(pin => pin.Path));
        Assert.Equal(["/run/netns/stale"], pins.Collect(new CollectOptions(MinimumAge: 0, DryRun: true)).Select(pin => pin.Path));
        Assert.True(File.Exists("/run/netns/stale"));
        Assert.Equal(["/run/netns/stale"], pins.Collect(new CollectOptions(MinimumAge: 0)).Select(pin => pin.Path));
        Assert.False(File.Exists("/run/netns/stale"));
        Assert.False(Directory.Exists("/run/littlebox/ns/empty"));
    });

    [Fact]
    public void Collecting_leaves_a_mount_point_that_another_mount_namespace_uses() => Machine.WithPrivateRun(() =>
    {
        // A mount namespace of its own, with the same /run: the mount is there and not here.
        using Held other = Held.Start("unshare", "--mount", "--propagation", "private", "sh", "-c", "mkdir -p /run/netns && touch /run/netns/theirs && unshare --net=/run/netns/theirs true && echo ready && exec sleep 300");
        Assert.Empty(pins.Collect(new CollectOptions(Dead: true, MinimumAge: 0)));
        Assert.True(File.Exists("/run/netns/theirs"));
    });

    [Fact]
    public void Collecting_removes_a_pid_namespace_that_nothing_can_run_in_any_more() => Machine.WithPrivateRun(() =>
    {
        using (Held held = Held.Unshare("--pid", "--fork", "--kill-child", "--uts"))
        {
            Pin(held.Child(), (NamespaceFlags.Pid, "web"), (NamespaceFlags.Uts, "web"));
            Assert.Empty(pins.Collect(new CollectOptions(Dead: true)));
        }
        Assert.Equal(["/run/littlebox/ns/web/pid"], pins.Collect(new CollectOptions()).Select(pin => pin.Path));
        Assert.Equal(["/run/littlebox/ns/web/uts", "/run/littlebox/ns/web"], pins.Collect(new CollectOptions(Dead: true)).Select(pin => pin.Path));
        Assert.Empty(pins.All());
    });

    [Fact]
    public void Collecting_the_dead_leaves_what_a_descriptor_holds_and_what_others_have_pinned() => Machine.WithPrivateRun(() =>
    {
        Machine.NeedTool("ip");
        Machine.Run("ip", "netns", "add", "foreign");
        using (Held held = Held.Unshare("--uts")) Pin(held.Pid, (NamespaceFlags.Uts, "kept"));
        using (pins.TryOpen("kept")) Assert.Empty(pins.Collect(new CollectOptions(Dead: true)));
        Assert.Equal("nothing but this pin holds", pins.Collect(new CollectOptions(Dead: true)).First().Why[..26]);
        Assert.Equal(["foreign"], pins.All().Select(pin => pin.Name));
    });

    private void Pin(int pid, params (NamespaceFlags, string)[] wanted)
    {
        using OpenNamespaces target = TargetResolver.OpenProcess(pid, $"process {pid}", null);
        pins.Pin(target, wanted);
    }
}
