using System.Diagnostics;
using Littlebox.Linux;

namespace Littlebox.Namespaces.Tests;

public sealed class SurveyTests
{
    public SurveyTests() => Machine.NeedRoot();

    [Fact]
    public void All_that_lsns_lists_is_listed_with_the_same_number_of_processes_and_the_same_first_process()
    {
        Machine.NeedTool("lsns");
        using Held every = Held.Unshare("--mount", "--uts", "--ipc", "--net", "--cgroup", "--time", "--pid", "--fork", "--kill-child");
        using Held user = Held.Unshare("--user", "--map-root-user", "--net", "--uts");
        using Held second = Held.Start("nsenter", "--target", $"{user.Pid}", "--uts", "sh", "-c", "echo ready; exec sleep 300");
        HashSet<ulong> ours = [.. NamespaceKinds.All.Select(kind => Machine.NamespaceOf(every.Child(), NamespaceKinds.NameOf(kind)).Inode), user.Of("user").Inode, user.Of("uts").Inode];
        HashSet<string> host = [.. NamespaceKinds.All.Select(kind => $"{Machine.OwnNamespace(NamespaceKinds.NameOf(kind)).Inode}")];
        string last = "";
        // Other programs come and go: a namespace counts when lsns says the same before and after. In our own namespaces, where lsns counts itself
        // and the machine is busy, only the first process is compared.
        for (int attempt = 0; attempt < 10; attempt++)
        {
            HashSet<string> before = Lsns();
            NamespaceSurvey survey = NamespaceSurvey.Take();
            HashSet<string> after = Lsns();
            HashSet<string> mine = [.. survey.All.Select(space => Line($"{space.Inode}", NamespaceKinds.NameOf(space.Kind), $"{space.ProcessCount}", $"{space.Leader?.Pid ?? 0}"))];
            List<string> stable = [.. before.Intersect(after)];
            Assert.All(ours, inode => Assert.NotNull(survey.Find(inode)));
            last = string.Join('\n', stable.Except(mine));
            if (last.Length == 0 && before.Count - stable.Count < 3) return;
        }
        Assert.Fail($"lsns lists, and we do not:\n{last}");

        HashSet<string> Lsns() =>
            [.. Machine.Run("lsns", "--noheadings", "--raw", "--output", "NS,TYPE,NPROCS,PID").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Line(line.Split(' ')))];

        string Line(params string[] fields) => host.Contains(fields[0]) ? $"{fields[0]} {fields[1]} {fields[3]}" : string.Join(' ', fields);
    }

    [Fact]
    public void Parents_and_owners_are_those_of_lsns()
    {
        Machine.NeedTool("lsns");
        using Held held = Held.Unshare("--user", "--map-root-user", "--pid", "--fork", "--kill-child", "--net");
        NamespaceSurvey survey = NamespaceSurvey.Take();
        foreach (string line in Machine.Run("lsns", "--noheadings", "--raw", "--task", $"{held.Child()}", "--output", "NS,TYPE,PNS,ONS").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(' ');
            LiveNamespace space = survey.Find(ulong.Parse(fields[0]))!;
            Assert.Equal(fields[2], $"{space.Parent?.Inode ?? 0}");
            Assert.Equal(fields[3], $"{space.Owner?.Inode ?? 0}");
        }
        Assert.Equal(0u, survey.Find(held.Of("user"))!.MakerUid);
    }

    [Fact]
    public void A_namespace_that_only_a_bind_mount_in_another_mount_namespace_holds_is_found()
    {
        using Held holder = Held.Start("unshare", "--mount", "--propagation", "private", "sh", "-c",
            "mount -t tmpfs tmpfs /mnt && touch '/mnt/a b' && unshare --net='/mnt/a b' readlink /proc/self/ns/net && exec sleep 300");
        Assert.True(NamespaceKinds.TryParseLink(holder.FirstLine, out NamespaceId kept));
        LiveNamespace space = NamespaceSurvey.Take().Find(kept)!;
        Assert.Equal(0, space.ProcessCount);
        var mount = Assert.IsType<MountHolder>(Assert.Single(space.Holders));
        Assert.Equal("/mnt/a b", mount.Path);
        Assert.Equal(holder.Of("mnt").Inode, mount.MountNamespace);
        Assert.False(mount.IsOurs);
        Assert.NotNull(space.Owner);
    }

    [Fact]
    public void A_namespace_that_only_a_descriptor_holds_is_found()
    {
        using Held holder = Held.Start("sh", "-c", $"exec unshare --uts sh -c 'readlink /proc/self/ns/uts; exec 7</proc/self/ns/uts; exec nsenter --uts=/proc/{Environment.ProcessId}/ns/uts sleep 300'");
        Assert.True(NamespaceKinds.TryParseLink(holder.FirstLine, out NamespaceId kept));
        LiveNamespace space = Eventually(() => NamespaceSurvey.Take().Find(kept) is { ProcessCount: 0 } found ? found : null);
        Holder only = Assert.Single(space.Holders);
        Assert.Equal((holder.Pid, 7), only is DescriptorHolder descriptor ? (descriptor.Pid, descriptor.Number) : (0, 0));
        Assert.Contains($"descriptor 7 of process {holder.Pid}", WhyAlive.Sentence(space));
    }

    [Fact]
    public void A_user_namespace_that_only_its_child_holds_is_found()
    {
        using Held holder = Held.Start("unshare", "--user", "--map-root-user", "sh", "-c", "readlink /proc/self/ns/user; exec unshare --user --map-root-user sleep 300");
        Assert.True(NamespaceKinds.TryParseLink(holder.FirstLine, out NamespaceId kept));
        LiveNamespace space = Eventually(() => NamespaceSurvey.Take().Find(kept) is { ProcessCount: 0 } found ? found : null);
        Assert.Equal(new ChildHolder(holder.Of("user")), Assert.Single(space.Holders));
    }

    [Fact]
    public void A_user_namespace_that_only_what_it_owns_holds_is_found() => Machine.WithPrivateRun(() =>
    {
        File.WriteAllText("/run/pin", "");
        NamespaceId user;
        using (Held owner = Held.Start("unshare", "--user", "--map-root-user", "--net", "sh", "-c", "readlink /proc/self/ns/user; exec sleep 300"))
        {
            Assert.True(NamespaceKinds.TryParseLink(owner.FirstLine, out user));
            Machine.Run("mount", "--bind", $"/proc/{owner.Pid}/ns/net", "/run/pin");
        }
        LiveNamespace space = NamespaceSurvey.Take().Find(user)!;
        Assert.Equal(0, space.ProcessCount);
        Assert.IsType<OwnedHolder>(Assert.Single(space.Holders));
    });

    [Fact]
    public void A_namespace_that_only_a_thread_or_its_future_children_are_in_is_found() => Machine.OnOwnThread(() =>
    {
        Kernel.Unshare(NamespaceFlags.Uts | NamespaceFlags.Time);
        NamespaceSurvey survey = NamespaceSurvey.Take();
        LiveNamespace uts = survey.Find(Machine.OwnNamespace("uts"))!, time = survey.Find(Machine.OwnNamespace("time_for_children"))!;
        Assert.Equal(Kernel.ThreadId, Assert.IsType<ThreadHolder>(Assert.Single(uts.Holders)).Tid);
        Assert.Equal(Kernel.ThreadId, Assert.IsType<ChildrenHolder>(Assert.Single(time.Holders)).Tid);
    });

    [Fact]
    public void A_network_namespace_that_only_a_socket_holds_is_found()
    {
        NamespaceId kept = default;
        int socket = -1;
        Machine.OnOwnThread(() =>
        {
            Kernel.Unshare(NamespaceFlags.Network);
            kept = Machine.OwnNamespace("net");
            socket = (int)SystemCall.Invoke(SystemCallNumber.Socket, 2, 2 | 0x80000, 0);
        });
        using var held = new Descriptor(socket);
        LiveNamespace space = Eventually(() => NamespaceSurvey.Take().Find(kept) is { Holders.Count: 1 } found ? found : null);
        Assert.Equal(socket, Assert.IsType<SocketHolder>(space.Holders[0]).Number);
    }

    [Fact]
    public void Mounts_are_found_in_a_mount_namespace_that_has_no_process_itself() => Machine.WithPrivateRun(() =>
    {
        File.WriteAllText("/run/outer", "");
        using (Held inside = Held.Start("unshare", "--mount", "--propagation", "private", "sh", "-c",
            "mount -t tmpfs tmpfs /mnt && touch /mnt/inner && unshare --net=/mnt/inner echo ready && exec sleep 300"))
            Machine.Run("mount", "--bind", $"/proc/{inside.Pid}/ns/mnt", "/run/outer");
        NamespaceSurvey survey = NamespaceSurvey.Take();
        LiveNamespace outer = survey.All.First(space => space.Holders.Any(holder => holder is MountHolder { Path: "/run/outer" }));
        LiveNamespace inner = survey.All.First(space => space.Holders.Any(holder => holder is MountHolder { Path: "/mnt/inner" } mount && mount.MountNamespace == outer.Inode));
        Assert.Equal((0, 0), (outer.ProcessCount, inner.ProcessCount));
        Assert.NotNull(inner.Owner);
    });

    [Fact]
    public void Processes_that_end_while_we_look_are_no_error()
    {
        using Held busy = Held.Start("sh", "-c", "echo ready; while :; do unshare --uts --user true; done");
        for (int i = 0; i < 5; i++) Assert.NotEmpty(NamespaceSurvey.Take().All);
    }

    [Fact]
    public void An_ordinary_user_sees_his_own_and_learns_how_many_processes_he_may_not_look_into() => Machine.OnOwnThread(() =>
    {
        Machine.BecomeNobody();
        NamespaceSurvey survey = NamespaceSurvey.Take();
        Assert.True(survey.HiddenProcesses > 1);
    });

    private static T Eventually<T>(Func<T?> ask)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (ask() is { } answer) return answer;
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), "it did not happen within 10 seconds");
            Thread.Sleep(20);
        }
    }
}
