using System.Diagnostics;
using Littlebox.Images.Tests.Tools;
using Littlebox.Images.Unpack;
using Littlebox.Linux;

namespace Littlebox.Images.Tests;

public sealed class RootStoreTests : IDisposable
{
    private readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    private string Roots => workspace.At("base/roots");

    private RootStore Store => new(workspace.At("base"));

    private string Archive(string name = "a.tar") => workspace.Write(name, HostileArchiveTests.Ordinary());

    [Fact]
    public void An_archive_is_unpacked_once_and_found_again()
    {
        int unpacked = 0;
        var store = new RootStore(workspace.At("base")) { Unpacked = _ => unpacked++ };
        string archive = Archive();
        long done = 0, total = 0;
        string path = store.Prepare(archive, (d, t) => (done, total) = (d, t));
        Assert.Equal(path, store.Prepare(archive));
        Assert.Equal(path, store.Prepare($"{workspace.Path}/./a.tar"));
        Assert.Equal(1, unpacked);
        Assert.Equal((new FileInfo(archive).Length, new FileInfo(archive).Length), (done, total));
        Assert.StartsWith($"{Roots}/", path);
        Assert.Equal("the end\n", File.ReadAllText($"{path}/etc/last"));
        Assert.Single(Directory.GetFileSystemEntries(Roots));
        Assert.Equal("700\n", workspace.Shell("stat -c %a base/roots"));
    }

    [Fact]
    public void An_archive_that_was_changed_is_another_one()
    {
        string first = Store.Prepare(Archive());
        workspace.Shell("touch a.tar");
        Assert.NotEqual(first, Store.Prepare(workspace.At("a.tar")));
    }

    [Fact]
    public void A_failure_leaves_no_part_behind()
    {
        string archive = workspace.Write("bad.tar", new TarWriter().Directory("closed", 0).File("closed/f").File("../out").End());
        Assert.Throws<LittleboxException>(() => Store.Prepare(archive));
        Assert.Empty(Directory.GetFileSystemEntries(Roots));
    }

    [Fact]
    public void A_cancelled_call_leaves_no_part_behind()
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Store.Prepare(Archive(), (_, _) => source.Cancel(), source.Token));
        Assert.Empty(Directory.GetFileSystemEntries(Roots));
    }

    [Fact]
    public void What_a_dead_maker_left_is_removed_by_the_next_call()
    {
        Store.Prepare(Archive());
        workspace.Shell("cd base/roots; mkdir -p .part-dead/usr/closed; echo x >.part-dead/usr/closed/file; chmod 0 .part-dead/usr/closed; chmod 555 .part-dead/usr");
        Store.Prepare(Archive("b.tar"));
        Assert.Equal(2, Directory.GetFileSystemEntries(Roots).Length);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(Roots), entry => entry.Contains(".part-"));
    }

    [Fact]
    public void The_part_of_the_same_archive_that_a_dead_maker_left_is_made_anew()
    {
        string path = Store.Prepare(Archive());
        workspace.Shell($"cd base/roots; mv {path} .part-{Path.GetFileName(path)}; echo half >.part-{Path.GetFileName(path)}/half");
        Assert.Equal(path, Store.Prepare(workspace.At("a.tar")));
        Assert.False(File.Exists($"{path}/half"));
        Assert.True(File.Exists($"{path}/etc/last"));
    }

    [Fact]
    public void A_part_whose_maker_lives_is_left_alone()
    {
        Directory.CreateDirectory(workspace.At("base"));
        Store.Prepare(Archive());
        workspace.Shell("mkdir base/roots/.part-alive");
        using (Descriptor alive = Workspace.Open($"{Roots}/.part-alive"))
        {
            Kernel.Flock(alive.Number, LockOperation.Exclusive);
            Store.Prepare(Archive("b.tar"));
            Assert.True(Directory.Exists($"{Roots}/.part-alive"));
        }
        Store.Prepare(Archive("c.tar"));
        Assert.False(Directory.Exists($"{Roots}/.part-alive"));
    }

    [Fact]
    public async Task Many_calls_at_once_do_the_work_once()
    {
        string archive = Archive();
        int unpacked = 0;
        var store = new RootStore(workspace.At("base")) { Unpacked = _ => Interlocked.Increment(ref unpacked) };
        string[] paths = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.Prepare(archive))));
        Assert.Single(paths.Distinct());
        Assert.Equal(1, unpacked);
        Assert.Single(Directory.GetFileSystemEntries(Roots));
    }

    [Fact]
    public void The_wait_for_another_maker_can_be_cancelled()
    {
        string path = Store.Prepare(Archive());
        workspace.Shell($"cd base/roots; mv {path} .part-{Path.GetFileName(path)}");
        using Descriptor alive = Workspace.Open($"{Roots}/.part-{Path.GetFileName(path)}");
        Kernel.Flock(alive.Number, LockOperation.Exclusive);
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Assert.Throws<OperationCanceledException>(() => Store.Prepare(workspace.At("a.tar"), null, source.Token));
    }

    [Fact]
    public void A_store_that_is_open_to_others_is_refused()
    {
        workspace.Shell("mkdir -p base/roots; chmod 755 base/roots");
        var error = Assert.Throws<LittleboxException>(() => Store.PrepareDefault());
        Assert.Contains("chmod 700", error.Message);
    }

    [Theory]
    [InlineData("missing.tar", "there is no archive")]
    [InlineData("directory", "is a directory")]
    [InlineData("pipe", "not a regular file")]
    [InlineData("empty", "is an empty file")]
    [InlineData("text", "in no form that we know")]
    public void What_is_no_archive_is_refused(string name, string words)
    {
        workspace.Shell("mkdir directory; mkfifo pipe; : >empty; seq 900 >text");
        LittleboxException error = Assert.ThrowsAny<LittleboxException>(() => Store.Prepare(workspace.At(name)));
        Assert.Contains(words, error.Message);
    }

    [Fact]
    public void A_relative_store_is_refused() => Assert.Throws<LittleboxException>(() => new RootStore("relative"));

    [Fact]
    public void The_default_root_is_whole()
    {
        string path = Store.PrepareDefault();
        Assert.Equal(path, Store.PrepareDefault());
        Assert.StartsWith($"{Roots}/default-", path);
        foreach (string command in new[] { "sh", "ls", "ps", "mount", "id", "hostname", "vi" }) Assert.Equal("busybox", new FileInfo($"{path}/bin/{command}").LinkTarget);
        workspace.Shell($"{path}/usr/bin/busybox true; {path}/sbin/ls {path} >/dev/null");
        Assert.Equal("1777 755 700 755\n", workspace.Shell($"cd {path}; stat -c %a tmp proc root . | xargs"));
        Assert.Contains("box:x:1000:1000", File.ReadAllText($"{path}/etc/passwd"));
        foreach (string file in new[] { "hostname", "hosts", "resolv.conf" }) Assert.Equal(0, new FileInfo($"{path}/etc/{file}").Length);
        Assert.Equal(Workspace.IsRoot ? "1000:1000\n" : $"{Kernel.EffectiveUid}:{Kernel.EffectiveGid}\n", workspace.Shell($"stat -c %u:%g {path}/home/box"));
        Assert.Contains("\\h", File.ReadAllText($"{path}/etc/profile"));
    }

    [Fact]
    public void The_default_root_that_is_there_is_found_in_a_tenth_of_a_millisecond()
    {
        RootStore store = Store;
        store.PrepareDefault();
        double least = double.MaxValue;
        for (int i = 0; i < 200; i++)
        {
            long start = Stopwatch.GetTimestamp();
            store.PrepareDefault();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        Assert.InRange(least, 0, 0.1);
    }

    [Fact]
    public void A_tree_of_an_ordinary_user_may_close_its_directories()
    {
        string archive = workspace.Write("closed.tar", new TarWriter().Directory("./", 0x16d).Directory("usr", 0x16d).File("usr/file").Directory("secret", 0).File("secret/file").End());
        var store = new RootStore(workspace.At("base")) { Options = new UnpackOptions { AsRoot = false } };
        string path = store.Prepare(archive);
        Assert.Equal("555 555 0\n", workspace.Shell($"cd {path}; stat -c %a . usr secret | xargs"));
    }
}
