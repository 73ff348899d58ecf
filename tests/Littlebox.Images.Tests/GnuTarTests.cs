using Littlebox.Images.Compression;
using Littlebox.Images.Tests.Tools;
using Littlebox.Images.Unpack;

namespace Littlebox.Images.Tests;

/// <summary>What GNU tar packs is unpacked as GNU tar itself unpacks it, and as the tree was.</summary>
public sealed class GnuTarTests(SampleTrees trees) : IClassFixture<SampleTrees>, IDisposable
{
    private readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Theory]
    [InlineData("--format=v7", true)]
    [InlineData("--format=ustar", true)]
    [InlineData("--format=oldgnu", true)]
    [InlineData("--format=oldgnu", false)]
    [InlineData("--format=gnu", false)]
    [InlineData("--format=gnu --sparse", false)]
    [InlineData("--format=posix", false)]
    [InlineData("--format=posix --xattrs --xattrs-include=*", false)]
    [InlineData("--format=posix --xattrs --xattrs-include=* --sparse --sparse-version=0.0", false)]
    [InlineData("--format=posix --sparse --sparse-version=0.1", false)]
    [InlineData("--format=posix --sparse --sparse-version=1.0", false)]
    [InlineData("--format=posix --numeric-owner --blocking-factor=1", false)]
    public void A_tree_comes_back_as_GNU_tar_brings_it_back(string options, bool isPlain)
    {
        string tree = isPlain ? trees.Plain : trees.Modern;
        // The oldest form has no type for a pipe.
        workspace.Shell($"tar -C {tree} {options} {(options.Contains("v7") ? "--exclude=./var/pipe" : "")} -cf tree.tar .");
        workspace.MakeDirectory("theirs");
        workspace.Shell("tar -C theirs --xattrs --xattrs-include='*' --same-owner -xpf tree.tar 2>errors || { cat errors >&2; exit 1; }");
        using (FileStream archive = File.OpenRead(workspace.At("tree.tar"))) workspace.Unpack(archive, "ours");

        Assert.Equal(TreeManifest.Of(workspace.At("theirs")), TreeManifest.Of(workspace.At("ours")));
        if (options.Contains("posix --xattrs"))
            Assert.Equal(TreeManifest.Of(trees.Modern), TreeManifest.Of(workspace.At("ours")));
        if (!options.Contains("--sparse")) return;
        foreach (string name in (string[])["holes", "only-hole", "end-hole", "start-hole"])
            Assert.Equal(DataRanges.Of(workspace.At($"theirs/modern/{name}")), DataRanges.Of(workspace.At($"ours/modern/{name}")));
        // Not the same only because both are full: forty short texts in three million bytes are no more than forty blocks, and a file of nothing but a hole has none.
        Assert.InRange(DataRanges.Of(workspace.At("ours/modern/holes")).Sum(static range => range.To - range.From), 1, 1_000_000);
        Assert.Empty(DataRanges.Of(workspace.At("ours/modern/only-hole")));
    }

    [Theory]
    [InlineData("gzip -c")]
    [InlineData("sh -c 'head -c 10000 | gzip -c; gzip -9c' -- ")]
    [InlineData("zstd -qc")]
    [InlineData("zstd -qc -12 --long=27 --check")]
    [InlineData("xz -c")]
    [InlineData("xz -9ec --check=sha256")]
    [InlineData("xz -c --check=crc32 --block-size=20000")]
    [InlineData("xz -0c --check=none -T2 --block-size=100000")]
    [InlineData("sh -c 'head -c 10000 | xz -c; head -c 8 /dev/zero; xz -c' -- ")]
    [InlineData("xz -c --lzma2=preset=6,lc=0,lp=3,pb=4,dict=4096")]
    [InlineData("cat")]
    public void An_archive_comes_back_whatever_it_is_compressed_with(string compressor)
    {
        workspace.Shell($"tar -C {trees.Modern} --sparse --format=posix --xattrs --xattrs-include='*' -cf tree.tar .; {compressor} <tree.tar >tree.any");
        using (FileStream file = File.OpenRead(workspace.At("tree.any")))
        using (Stream archive = Decompression.Open(file))
            workspace.Unpack(archive, "ours");
        Assert.Equal(TreeManifest.Of(trees.Modern), TreeManifest.Of(workspace.At("ours")));
    }

    [Fact]
    public void The_runtime_s_own_reader_sees_the_same_entries()
    {
        workspace.Shell($"tar -C {trees.Plain} --format=posix -cf tree.tar .");
        var theirs = new List<string>();
        using (FileStream file = File.OpenRead(workspace.At("tree.tar")))
        using (var reader = new System.Formats.Tar.TarReader(file))
        {
            while (reader.GetNextEntry() is { } entry) theirs.Add($"{entry.Name} {entry.LinkName} {(int)entry.Mode} {entry.Uid} {entry.Gid} {entry.Length} {entry.ModificationTime.ToUnixTimeSeconds()}");
        }
        var ours = new List<string>();
        using (FileStream file = File.OpenRead(workspace.At("tree.tar")))
        {
            var reader = new Tar.TarReader(file);
            while (reader.Next() is { } entry)
                ours.Add($"{Text(entry.Name)} {Text(entry.LinkName)} {entry.Mode} {entry.Uid} {entry.Gid} {entry.Size} {entry.ModifyTime.Seconds}");
        }
        Assert.Equal(theirs, ours);
    }

    [Fact]
    public void Access_control_lists_as_text_are_counted_and_not_applied()
    {
        byte[] archive = new TarWriter().Pax(("SCHILY.acl.access", "user::rwx")).File("a").End();
        Assert.Equal(1, workspace.Unpack(new MemoryStream(archive)).SkippedAttributes);
    }

    [Fact]
    public void An_ordinary_user_s_files_are_his_own_and_devices_are_counted()
    {
        byte[] archive = new TarWriter()
            .Entry("dev", '5').Entry("dev/null", '3', change: h => { TarWriter.Put(h, 329, "0000001\0"); TarWriter.Put(h, 337, "0000003\0"); })
            .HardLink("dev/also-null", "dev/null").Pax(("uid", "12345")).File("a").End();
        UnpackResult result = workspace.Unpack(new MemoryStream(archive), options: new UnpackOptions { AsRoot = false });
        Assert.Equal((2, false), (result.SkippedDevices, result.OwnersSet));
        Assert.Equal(2, result.Notices().Count());
        Assert.Equal($"{Linux.Kernel.EffectiveUid}\n", workspace.Shell("stat -c %u root/a"));
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes.Span);
}
