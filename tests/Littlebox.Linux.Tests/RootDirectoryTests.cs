using System.Text;
using Littlebox.Linux.Text;

namespace Littlebox.Linux.Tests;

/// <summary>A root with a secret beside it: no path given to the root may reach the secret.</summary>
public sealed class RootDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory outside = new();
    private readonly RootDirectory root;

    public RootDirectoryTests()
    {
        File.WriteAllText(outside.Path + "/secret", "outside");
        Directory.CreateDirectory(outside.Path + "/root/etc");
        Directory.CreateDirectory(outside.Path + "/root/a/b/c");
        File.WriteAllText(outside.Path + "/root/etc/passwd", "inside");
        File.WriteAllText(outside.Path + "/root/secret", "inside");
        root = RootDirectory.Open(outside.Path + "/root");
    }

    public void Dispose()
    {
        root.Dispose();
        outside.Dispose();
    }

    [Theory]
    [InlineData("etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("//etc//passwd")]
    [InlineData("../../../etc/passwd")]
    [InlineData("/../etc/./../etc/passwd")]
    [InlineData("a/b/c/../../../../../../etc/passwd")]
    public void A_path_is_resolved_inside_the_root(string path) => Assert.Equal("inside", Read(path));

    [Theory]
    [InlineData("../../secret")]
    [InlineData("../../../../../../../../secret")]
    [InlineData("/secret")]
    [InlineData("/../secret")]
    public void A_symbolic_link_stays_inside_the_root(string target)
    {
        File.CreateSymbolicLink(outside.Path + "/root/a/b/link", target);
        Assert.Equal("inside", Read("a/b/link"));
    }

    [Fact]
    public void A_link_to_an_absolute_path_of_the_host_finds_nothing()
    {
        File.CreateSymbolicLink(outside.Path + "/root/a/link", outside.Path + "/secret");
        Assert.Null(Read("a/link"));
        Assert.Equal(Errno.ENOENT, Assert.Throws<SystemCallException>(() => root.OpenFile("a/link", OpenFlags.ReadOnly)).Error);
    }

    [Fact]
    public void A_directory_that_is_a_link_stays_inside_the_root()
    {
        File.CreateSymbolicLink(outside.Path + "/root/up", "../..");
        File.CreateSymbolicLink(outside.Path + "/root/top", "/");
        Assert.Equal("inside", Read("up/secret"));
        Assert.Equal("inside", Read("top/../top/etc/passwd"));
    }

    [Theory]
    [InlineData("/proc/self/root/etc/passwd")]
    [InlineData("/proc/self/cwd")]
    [InlineData("/proc/self/exe")]
    [InlineData("/proc/thread-self/fd/0")]
    [InlineData("/proc/self/ns/mnt")]
    public void A_magic_link_is_refused(string path)
    {
        using RootDirectory host = RootDirectory.Open("/");
        Assert.Null(host.TryOpenFile(path, OpenFlags.PathOnly, out Errno error));
        Assert.Equal(Errno.ELOOP, error);
    }

    [Fact]
    public void A_magic_link_behind_a_link_of_the_root_is_refused()
    {
        using RootDirectory host = RootDirectory.Open("/");
        File.CreateSymbolicLink(outside.Path + "/root/a/trap", "/proc/self/root");
        Assert.Null(host.TryOpenFile(outside.Path + "/root/a/trap/etc", OpenFlags.PathOnly, out Errno error));
        Assert.Equal(Errno.ELOOP, error);
    }

    [Fact]
    public void Links_in_a_circle_are_an_error()
    {
        File.CreateSymbolicLink(outside.Path + "/root/one", "two");
        File.CreateSymbolicLink(outside.Path + "/root/two", "one");
        Assert.Equal(Errno.ELOOP, Assert.Throws<SystemCallException>(() => root.OpenFile("one", OpenFlags.ReadOnly)).Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("..")]
    [InlineData(".")]
    public void The_top_of_the_root_is_the_root(string path)
    {
        using Descriptor top = root.OpenFile(path, OpenFlags.PathOnly);
        Assert.Equal(Kernel.Statx(root.Number).Identity, Kernel.Statx(top.Number).Identity);
    }

    [Fact]
    public void A_file_made_through_a_link_is_made_inside_the_root()
    {
        File.CreateSymbolicLink(outside.Path + "/root/out", "../../../made");
        using (Descriptor made = root.OpenFile("out", OpenFlags.WriteOnly | OpenFlags.Create, 0x180)) Kernel.Write(made.Number, "x"u8);
        Assert.True(File.Exists(outside.Path + "/root/made"));
        Assert.False(File.Exists(outside.Path + "/made"));
    }

    [Fact]
    public void A_small_file_is_a_regular_file_and_nothing_else()
    {
        using Descriptor directory = Kernel.OpenAt2(Strace.CurrentDirectory, outside.Path + "/root", OpenFlags.ReadOnly | OpenFlags.Directory);
        Kernel.MknodAt(directory.Number, "fifo", FileTypes.Fifo | 0x180);
        Assert.Null(root.ReadSmallFile("fifo"));
        Assert.Null(root.ReadSmallFile("etc"));
        Assert.Null(root.ReadSmallFile("missing"));
        Assert.Equal("inside"u8.ToArray(), root.ReadSmallFile("etc/passwd", 6));
        Assert.Throws<InvalidDataException>(() => root.ReadSmallFile("etc/passwd", 5));
    }

    [Fact]
    public async Task A_directory_that_is_exchanged_for_a_link_while_we_open_never_leads_outside()
    {
        Directory.CreateDirectory(outside.Path + "/root/a/real");
        File.WriteAllText(outside.Path + "/root/a/real/secret", "inside");
        File.CreateSymbolicLink(outside.Path + "/root/a/real.other", "../../../../../../../../.." + outside.Path);
        Directory.CreateDirectory(outside.Path + "/root/deep");
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        Task attacker = Task.Run(() => Exchange(outside.Path + "/root/a", "real", "real.other", end.Token));
        int opened = 0;
        while (!end.IsCancellationRequested)
        {
            foreach (string path in new[] { "a/real/secret", "a/real/../../secret", "a/real/../real/secret" })
            {
                if (Read(path) is not { } content) continue;
                opened++;
                Assert.Equal("inside", content);
            }
        }
        await attacker;
        Assert.True(opened > 0, "the file was never opened, so that nothing was tested");
    }

    [Fact]
    public async Task A_directory_that_is_moved_out_of_the_root_while_we_climb_never_leads_outside()
    {
        // CVE-class of chroot-less resolution: ".." beneath a directory that has been moved elsewhere.
        Directory.CreateDirectory(outside.Path + "/elsewhere");
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        Task attacker = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                Directory.Move(outside.Path + "/root/a/b", outside.Path + "/elsewhere/b");
                Directory.Move(outside.Path + "/elsewhere/b", outside.Path + "/root/a/b");
            }
        });
        int opened = 0;
        while (!end.IsCancellationRequested)
        {
            if (Read("a/b/c/../../../secret") is not { } content) continue;
            opened++;
            Assert.Equal("inside", content);
        }
        await attacker;
        Assert.True(opened > 0, "the file was never opened, so that nothing was tested");
    }

    private static unsafe void Exchange(string path, string one, string other, CancellationToken end)
    {
        using Descriptor directory = Kernel.OpenAt2(Strace.CurrentDirectory, path, OpenFlags.PathOnly);
        fixed (byte* first = Utf8Z.Of(one), second = Utf8Z.Of(other))
        {
            // RENAME_EXCHANGE
            while (!end.IsCancellationRequested) SystemCall.Invoke(SystemCallNumber.Renameat2, directory.Number, (nint)first, directory.Number, (nint)second, 2);
        }
    }

    private string? Read(string path) => root.ReadSmallFile(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
}
