namespace Littlebox.Linux.Tests;

/// <summary>Copies of trees: what is copied, what is never followed.</summary>
public sealed class TreeCopyTests
{
    [Fact]
    public void A_tree_is_copied_and_links_are_copied_and_never_followed()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.Path + "/from/deep/er");
        Directory.CreateDirectory(directory.Path + "/to");
        File.WriteAllText(directory.Path + "/from/deep/er/file", new string('x', 200_000));
        File.SetUnixFileMode(directory.Path + "/from/deep/er/file", (UnixFileMode)0b110_100_000);
        File.SetLastWriteTimeUtc(directory.Path + "/from/deep/er/file", DateTime.UnixEpoch.AddSeconds(1_000_000_000));
        File.CreateSymbolicLink(directory.Path + "/from/out", "/etc");
        using (Descriptor from = Open(directory.Path + "/from"), to = Open(directory.Path + "/to")) TreeCopy.Copy(from.Number, to.Number, owner: true);
        Assert.Equal("/etc", new FileInfo(directory.Path + "/to/out").LinkTarget);
        Assert.Equal(200_000, new FileInfo(directory.Path + "/to/deep/er/file").Length);
        Assert.Equal((UnixFileMode)0b110_100_000, File.GetUnixFileMode(directory.Path + "/to/deep/er/file"));
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(1_000_000_000), File.GetLastWriteTimeUtc(directory.Path + "/to/deep/er/file"));
    }

    private static Descriptor Open(string path) => Kernel.OpenAt2(Text.Strace.CurrentDirectory, path, OpenFlags.PathOnly | OpenFlags.Directory);
}
