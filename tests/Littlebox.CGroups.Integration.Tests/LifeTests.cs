using System.Text;
using System.Text.Json;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Runtime.CGroups;

namespace Littlebox.CGroups.Integration.Tests;

/// <summary>Joining, pausing, killing, removing, counting.</summary>
public sealed class LifeTests
{
    [Fact]
    public void A_child_is_in_all_cgroups_before_its_program_begins()
    {
        using var box = new Box();
        BootChild child = box.Start("exec sleep 1000");
        string[] cgroups = File.ReadAllLines($"/proc/{child.Pid}/cgroup");
        foreach (CGroupHierarchy hierarchy in box.Layout.All)
            Assert.Contains(cgroups, line => line.Split(':', 3) is [_, var names, var path] && names == string.Join(',', hierarchy.IsUnified ? [] : hierarchy.Controllers) && path.EndsWith("/box"));
        Assert.Equal([child.Pid], CGroupProcesses.Of(box.CGroups));
        Assert.Equal([child.Pid], CGroupProcesses.ThreadsOf(box.CGroups));
    }

    [Fact]
    public void A_record_of_the_paths_opens_the_same_cgroups()
    {
        using var box = new Box();
        using ContainerCGroups again = ContainerCGroups.Open(box.CGroups.Paths);
        Assert.Equal(box.CGroups.Paths, again.Paths);
        Assert.Equal(box.CGroups.Members.Select(member => member.Node.Path).Order(), again.Members.Select(member => member.Node.Path).Order());
        using ContainerCGroups gone = ContainerCGroups.Open(box.CGroups.Paths.ToDictionary(pair => pair.Key, pair => pair.Value + "-gone"));
        Assert.Empty(gone.Members);
    }

    [Fact]
    public void A_directory_that_is_no_cgroup_is_not_taken_for_one()
    {
        Assert.Null(CGroupNode.TryOpenAbsolute("/tmp", isUnified: false, out Errno error));
        Assert.Equal(Errno.EOPNOTSUPP, error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Paused_processes_stop_and_go_on(bool withUnified)
    {
        using var box = new Box();
        Assert.SkipWhen(withUnified && box.CGroups.Unified is null, "version 2 is not mounted");
        box.Start("while :; do sleep 0.01; done");
        using ContainerCGroups cgroups = ContainerCGroups.Open(withUnified ? box.CGroups.Paths.Where(pair => pair.Key.Length == 0).ToDictionary() : box.CGroups.Paths);
        Assert.False(CGroupFreezer.IsFrozen(cgroups));
        CGroupFreezer.Freeze(cgroups);
        Assert.True(CGroupFreezer.IsFrozen(cgroups));
        IReadOnlyList<int> stopped = CGroupProcesses.Of(cgroups);
        Thread.Sleep(50);
        Assert.Equal(stopped, CGroupProcesses.Of(cgroups));
        CGroupFreezer.Thaw(cgroups);
        Assert.False(CGroupFreezer.IsFrozen(cgroups));
        Box.Await(() => !CGroupProcesses.Of(cgroups).SequenceEqual(stopped), "the loop starts another sleep");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nobody_escapes_a_kill_by_forking(bool paused)
    {
        using var box = new Box();
        BootChild child = box.Start("f() { while :; do sleep 1000 & done; }; f & f & sh -c 'while :; do (sleep 0.001 &) ; done' & wait");
        Box.Await(() => CGroupProcesses.Of(box.CGroups).Count > 20, "processes");
        if (paused) CGroupFreezer.Freeze(box.CGroups);
        CGroupProcesses.KillAll(box.CGroups);
        Kernel.Wait(child.Pid);
        Box.Await(() => CGroupProcesses.Of(box.CGroups).Count == 0, "the end of all");
    }

    [Fact]
    public void A_signal_reaches_every_process_once()
    {
        using var box = new Box();
        string file = Path.GetTempFileName();
        try
        {
            BootChild child = box.Start($"exec 2>/dev/null; sh -c 'trap \"echo one >> {file}\" USR1; echo ready >> {file}; while :; do sleep 0.01; done' & trap 'echo two >> {file}' USR1; echo ready >> {file}; while :; do sleep 0.01; done");
            Box.Await(() => File.ReadAllLines(file).Count(line => line == "ready") == 2, "both shells");
            CGroupProcesses.SignalAll(box.CGroups, 10);
            Box.Await(() => File.ReadAllLines(file).Order().SequenceEqual(["one", "ready", "ready", "two"]), "one each");
            Assert.True(child.Pid > 0);
        }
        finally
        {
            CGroupProcesses.KillAll(box.CGroups);
            File.Delete(file);
        }
    }

    [Fact]
    public void Cgroups_that_a_container_has_made_beneath_are_removed_with_it()
    {
        using var box = new Box();
        foreach (CGroupMember member in box.CGroups.Members) Directory.CreateDirectory($"{member.Node.Path}/inner/innermost");
        BootChild child = box.Start("exec sleep 1000");
        string tasks = $"{box.CGroups.Members[0].Node.Path}/inner/innermost/cgroup.procs";
        File.WriteAllText(tasks, child.Pid.ToString());
        using ContainerCGroups again = ContainerCGroups.Open(box.CGroups.Paths);
        // Its end comes while the removal waits.
        var killer = new Thread(() =>
        {
            Kernel.TryKill(child.Pid, Signal.Kill);
            Kernel.Wait(child.Pid);
        });
        killer.Start();
        CGroupRemoval.Remove(again);
        killer.Join();
        Assert.All(box.CGroups.Paths.Values, path => Assert.False(Directory.Exists(path)));
    }

    [Fact]
    public void A_failed_start_takes_away_what_it_has_made()
    {
        using var box = new Box();
        using (ContainerCGroups other = ContainerCGroups.Make(box.Layout, CGroupPath.Parse($"{Parent(box)}/other/deep", "x"), new Dictionary<string, string>()))
        {
            Assert.True(Directory.Exists(other.Members[0].Node.Path));
            other.Undo();
        }
        Assert.All(box.CGroups.Members, member => Assert.False(Directory.Exists(Path.GetDirectoryName(member.Node.Path) + "/other")));
        Assert.Throws<LittleboxException>(() => ContainerCGroups.Make(box.Layout, CGroupPath.Parse($"{Parent(box)}/third", "x"), new Dictionary<string, string> { ["nonsense"] = "/x" }));
        Assert.All(box.CGroups.Members, member => Assert.False(Directory.Exists(Path.GetDirectoryName(member.Node.Path) + "/third")));
    }

    [Fact]
    public void A_cgroup_with_processes_is_nobody_elses()
    {
        using var box = new Box();
        box.Start("exec sleep 1000");
        var error = Assert.Throws<LittleboxException>(() => ContainerCGroups.Make(box.Layout, CGroupPath.Parse($"{Parent(box)}/box", "x"), new Dictionary<string, string>()));
        Assert.Contains("has processes in it already", error.Message);
        Assert.Single(CGroupProcesses.Of(box.CGroups));
    }

    [Fact]
    public void Statistics_have_the_names_of_runc_and_numbers_of_the_kernel()
    {
        using var box = new Box(new() { Pids = new() { Limit = 50 }, Memory = new() { Limit = 64 << 20 } });
        box.Start("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exec sleep 1000");
        Box.Await(() => StatisticsReader.Read(box.CGroups) is { Cpu.Total: > 0, Memory.Usage.Usage: > 0 }, "something is used");
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) StatisticsJson.Write(json, StatisticsReader.Read(box.CGroups));
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        JsonElement data = document.RootElement;
        Assert.Equal(1, data.GetProperty("pids").GetProperty("current").GetInt32());
        Assert.Equal(50, data.GetProperty("pids").GetProperty("limit").GetInt32());
        Assert.Equal(64 << 20, data.GetProperty("memory").GetProperty("usage").GetProperty("limit").GetInt64());
        Assert.True(data.GetProperty("cpu").GetProperty("usage").GetProperty("total").GetUInt64() > 0);
        Assert.True(data.GetProperty("memory").GetProperty("raw").EnumerateObject().Any());
        foreach (string name in (string[])["cpuset", "blkio", "hugetlb", "intel_rdt"]) Assert.Equal(JsonValueKind.Object, data.GetProperty(name).ValueKind);
    }

    private static string Parent(Box box) => Path.GetFileName(Path.GetDirectoryName(box.CGroups.Members[0].Node.Path))!;
}
