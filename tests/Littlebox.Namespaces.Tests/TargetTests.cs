using Littlebox.Linux;

namespace Littlebox.Namespaces.Tests;

public sealed class TargetTests
{
    private sealed class OneContainer(string name, int pid) : IContainerLookup
    {
        public IEnumerable<(string Name, int Pid)> All => [(name, pid)];

        public int? FindPid(string wanted) => wanted == name ? pid : null;
    }

    private static TargetResolver Resolver(IContainerLookup? containers = null) => new(containers ?? NoContainers.Instance, new NamespacePins(new PinPlaces("/nonexistent/netns", "/nonexistent/ns")));

    [Fact]
    public void A_namespace_is_meant_by_container_pid_path_link_and_inode_alike()
    {
        Machine.NeedRoot();
        using Held held = Held.Unshare("--net");
        NamespaceId id = held.Of("net");
        foreach (string word in new[] { "web", "container:web", $"{held.Pid}", $"/proc/{held.Pid}/ns/net", $"ns:/proc/{held.Pid}/ns/net", id.ToString(), $"{id.Inode}" })
        {
            using OpenNamespaces opened = Resolver(new OneContainer("web", held.Pid)).Open(word);
            Assert.Equal(id, opened[NamespaceFlags.Network]);
        }
    }

    [Theory]
    [InlineData("green")]
    [InlineData("container:green")]
    [InlineData("pin:green")]
    [InlineData("/etc/passwd")]
    [InlineData("/nonexistent")]
    [InlineData("net:[17]")]
    [InlineData("4194304")]
    [InlineData("99999999999")]
    [InlineData("a\0b")]
    public void What_is_nothing_is_an_error_for_people(string word) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<LittleboxException>(() => Resolver(new OneContainer("web", 1)).Open(word)).Kind);

    [Fact]
    public void A_pipe_in_the_place_of_a_namespace_does_not_keep_us_waiting()
    {
        string directory = Directory.CreateTempSubdirectory().FullName;
        Machine.Run("mkfifo", $"{directory}/fifo");
        Assert.Throws<LittleboxException>(() => Resolver().Open($"{directory}/fifo"));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void Self_is_the_same_as_itself()
    {
        using OpenNamespaces one = Resolver().Open("self"), other = Resolver().Open($"{Kernel.ProcessId}");
        IReadOnlyList<DiffRow> rows = NamespaceDiff.Compare(one, other);
        Assert.Equal(8, rows.Count);
        Assert.True(NamespaceDiff.AllSame(rows));
    }

    [Fact]
    public void What_differs_is_told_kind_by_kind()
    {
        Machine.NeedRoot();
        using Held held = Held.Unshare("--net", "--uts");
        using OpenNamespaces one = Resolver().Open($"{held.Pid}"), host = Resolver().Open("host");
        IReadOnlyList<DiffRow> rows = NamespaceDiff.Compare(one, host);
        Assert.False(NamespaceDiff.AllSame(rows));
        Assert.Equal([NamespaceFlags.Network, NamespaceFlags.Uts], rows.Where(row => row.Same is false).Select(row => row.Kind));
    }

    [Fact]
    public void A_single_namespace_is_compared_by_its_kind_alone()
    {
        using OpenNamespaces one = Resolver().Open("/proc/self/ns/net"), self = Resolver().Open("self");
        Assert.Equal([true], NamespaceDiff.Compare(one, self).Select(row => row.Same).OfType<bool>());
    }
}
