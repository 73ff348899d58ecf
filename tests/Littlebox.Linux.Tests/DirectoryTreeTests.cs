using Littlebox.Linux.Text;

namespace Littlebox.Linux.Tests;

public sealed class DirectoryTreeTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly Descriptor open;

    public DirectoryTreeTests() => open = directory.Open();

    public void Dispose()
    {
        open.Dispose();
        directory.Dispose();
    }

    [Fact]
    public void A_tree_is_removed_and_what_its_links_point_at_stays()
    {
        Directory.CreateDirectory(directory.Path + "/tree/a/b");
        Directory.CreateDirectory(directory.Path + "/kept");
        File.WriteAllText(directory.Path + "/kept/file", "kept");
        File.WriteAllText(directory.Path + "/tree/a/file", "");
        File.CreateSymbolicLink(directory.Path + "/tree/to-directory", "../kept");
        File.CreateSymbolicLink(directory.Path + "/tree/a/b/absolute", directory.Path + "/kept");
        File.CreateSymbolicLink(directory.Path + "/tree/a/to-file", directory.Path + "/kept/file");
        Assert.True(DirectoryTree.Remove(open.Number, "tree"));
        Assert.False(Directory.Exists(directory.Path + "/tree"));
        Assert.Equal("kept", File.ReadAllText(directory.Path + "/kept/file"));
    }

    [Fact]
    public void A_link_is_removed_itself()
    {
        Directory.CreateDirectory(directory.Path + "/kept/inner");
        File.CreateSymbolicLink(directory.Path + "/link", "kept");
        Assert.True(DirectoryTree.Remove(open.Number, "link"));
        Assert.True(Directory.Exists(directory.Path + "/kept/inner"));
    }

    [Fact]
    public void What_is_not_there_is_no_error()
    {
        Assert.False(DirectoryTree.Remove(open.Number, "missing"));
        File.WriteAllText(directory.Path + "/file", "");
        Assert.True(DirectoryTree.Remove(open.Number, "file"));
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_removed_like_any_other()
    {
        Directory.CreateDirectory(directory.Path + "/tree/inner");
        Make("tree"u8, "\xff file"u8);
        Make("tree/inner"u8, [0xc3, (byte)'(']);
        Assert.True(DirectoryTree.Remove(open.Number, "tree"));
        Assert.False(Directory.Exists(directory.Path + "/tree"));

        void Make(ReadOnlySpan<byte> where, ReadOnlySpan<byte> name) => MakeFile([.. where, (byte)'/', .. name, 0]);
    }

    [Fact]
    public async Task A_deep_tree_is_removed_with_few_descriptors()
    {
        const int depth = 4_000;
        Kernel.MkdirAt(open.Number, "tree", 0x1c0);
        Descriptor current = Kernel.OpenAt2(open.Number, "tree", OpenFlags.PathOnly);
        for (int i = 0; i < depth; i++)
        {
            using Descriptor parent = current;
            Kernel.MkdirAt(parent.Number, "d", 0x1c0);
            if (i % 100 == 0) Kernel.SymlinkAt("target", parent.Number, "file");
            current = Kernel.OpenAt2(parent.Number, "d", OpenFlags.PathOnly);
        }
        current.Dispose();
        Task<bool> removal = Task.Run(() => DirectoryTree.Remove(open.Number, "tree"));
        int most = 0;
        while (!removal.IsCompleted) most = Math.Max(most, Kernel.TryReadLink("/proc/self/fd/1000") is null ? 0 : 1000);
        Assert.True(await removal);
        Assert.Equal(0, most);
        Assert.False(Directory.Exists(directory.Path + "/tree"));
    }

    [Fact]
    public async Task A_directory_that_is_exchanged_for_a_link_while_it_is_removed_leads_nowhere()
    {
        Directory.CreateDirectory(directory.Path + "/kept");
        for (int i = 0; i < 50; i++) File.WriteAllText($"{directory.Path}/kept/{i}", "kept");
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        Task attacker = Task.Run(() =>
        {
            using Descriptor path = directory.Open();
            while (!end.IsCancellationRequested)
            {
                Kernel.TryRenameAt2(path.Number, "tree/victim", path.Number, "tree/aside");
                Kernel.TrySymlinkAt("../kept", path.Number, "tree/victim");
                Kernel.TryUnlinkAt(path.Number, "tree/victim");
                Kernel.TryRenameAt2(path.Number, "tree/aside", path.Number, "tree/victim");
            }
        });
        while (!end.IsCancellationRequested)
        {
            Directory.CreateDirectory(directory.Path + "/tree");
            Kernel.TryMkdirAt(open.Number, "tree/victim", 0x1c0);
            Kernel.TryMkdirAt(open.Number, "tree/victim/inner", 0x1c0);
            try
            {
                DirectoryTree.Remove(open.Number, "tree");
            }
            catch (SystemCallException)
            {
                // The attacker put something into the directory that we were about to take away: an honest error.
            }
        }
        await attacker;
        Assert.Equal(50, Directory.GetFiles(directory.Path + "/kept").Length);
    }

    [Fact]
    public void What_is_missing_of_a_path_is_made()
    {
        using (Descriptor made = DirectoryTree.OpenOrMake(directory.Path + "/a/b/c"))
            Assert.Equal(directory.Path + "/a/b/c", Kernel.TryReadLink($"/proc/self/fd/{made.Number}"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.Path + "/a/b"));
        using Descriptor again = DirectoryTree.OpenOrMake(directory.Path + "/a/b/c");
        File.WriteAllText(directory.Path + "/file", "");
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<SystemCallException>(() => DirectoryTree.OpenOrMake(directory.Path + "/file/d")).Error);
    }

    private unsafe void MakeFile(ReadOnlySpan<byte> nameZ)
    {
        fixed (byte* name = nameZ)
            Kernel.Check(SystemCall.Invoke(SystemCallNumber.Mknodat, open.Number, (nint)name, FileTypes.Regular | 0x180), $"mknodat(…)");
    }
}
