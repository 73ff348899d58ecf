using Littlebox.Linux;

namespace Littlebox.Namespaces.Tests;

public sealed class ParsingTests
{
    [Theory]
    [InlineData("net:[4026531840]", NamespaceFlags.Network, 4026531840)]
    [InlineData("mnt:[4026531841]", NamespaceFlags.Mount, 4026531841)]
    [InlineData("pid_for_children:[7]", NamespaceFlags.Pid, 7)]
    public void A_link_of_proc_is_a_namespace(string link, NamespaceFlags kind, ulong inode)
    {
        Assert.True(NamespaceKinds.TryParseLink(link, out NamespaceId id));
        Assert.Equal(new NamespaceId(kind, inode), id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("net:[]")]
    [InlineData("net:[-1]")]
    [InlineData("net:[1")]
    [InlineData("socket:[123]")]
    [InlineData("/srv/net:[1]")]
    public void Anything_else_is_none(string? link) => Assert.False(NamespaceKinds.TryParseLink(link, out _));

    [Fact]
    public void A_mount_table_is_read_with_its_escapes_and_optional_fields()
    {
        const string Table = """
            85 62 0:4 mnt:[4026532178] /run/a\040b\134c rw shared:7 master:1 - nsfs nsfs rw
            21 26 0:20 / /proc rw,relatime - proc proc rw
            this line is nothing

            """;
        List<MountLine> lines = [.. MountTable.Parse(Table)];
        Assert.Equal(2, lines.Count);
        Assert.Equal(("/run/a b\\c", true, 85L), (lines[0].Path, lines[0].IsShared, lines[0].Id));
        Assert.Equal(new NamespaceId(NamespaceFlags.Mount, 4026532178), lines[0].Namespace);
        Assert.Null(lines[1].Namespace);
        Assert.Single(MountTable.Parse(Table, "nsfs"));
    }

    [Theory]
    [InlineData("7 (sleep) S 1 7", "sleep", 1)]
    [InlineData("7 (a) b (c) S 12 7", "a) b (c", 12)]
    [InlineData("7 (", "?", 0)]
    public void The_name_of_a_process_may_hold_parentheses(string stat, string name, int parent) => Assert.Equal((name, parent), Surveyor.ParseStat(stat));

    [Theory]
    [InlineData("7 (Z) S 1 7", false)]
    [InlineData("7 (sleep) Z 1 7", true)]
    [InlineData("", false)]
    public void A_zombie_has_ended(string stat, bool ended) => Assert.Equal(ended, Surveyor.HasEnded(stat));

    [Theory]
    [InlineData("blue")]
    [InlineData("blue.2-x")]
    [InlineData("bläu")]
    public void A_name_is_taken(string name) => Assert.Equal(name, NamespaceName.Check(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("-a")]
    [InlineData("4711")]
    [InlineData("host")]
    public void A_name_is_refused(string name) => Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<LittleboxException>(() => NamespaceName.Check(name)).Kind);

    [Fact]
    public void A_name_has_255_bytes_at_most()
    {
        Assert.NotNull(NamespaceName.Check(new string('a', 255)));
        Assert.Throws<LittleboxException>(() => NamespaceName.Check(new string('a', 256)));
        Assert.Throws<LittleboxException>(() => NamespaceName.Check(new string('ä', 128)));
    }
}
