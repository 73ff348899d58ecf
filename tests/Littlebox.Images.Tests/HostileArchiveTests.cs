using System.IO.Compression;
using Littlebox.Images.Compression;
using Littlebox.Images.Tar;
using Littlebox.Images.Tests.Tools;
using Littlebox.Images.Unpack;
using Littlebox.Linux;

namespace Littlebox.Images.Tests;

/// <summary>Archives that want out, or want all of the machine: each is refused or contained, and nothing beside the root is touched.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    private readonly Workspace workspace = new();

    public HostileArchiveTests()
    {
        // Around the root, within reach of a few "..": files that must stay as they are.
        workspace.MakeDirectory("jail/outside");
        workspace.Write("victim", "keep me"u8.ToArray());
        workspace.Write("jail/victim", "keep me too"u8.ToArray());
        workspace.Write("jail/outside/victim", "and me"u8.ToArray());
    }

    public void Dispose() => workspace.Dispose();

    private string Outside => workspace.At("jail/outside");

    /// <summary>Name, archive (given the directory outside), words that the refusal has; <c>null</c> where it is contained instead.</summary>
    public static TheoryData<string> Names => [.. Corpus.Keys];

    private static readonly Dictionary<string, (Func<string, byte[]> Make, string? Refusal)> Corpus = new()
    {
        ["a name that leads upwards"] = (_ => new TarWriter().File("../victim").End(), "leads upwards"),
        ["a name that leads upwards in its middle"] = (_ => new TarWriter().File("a/../../victim").End(), "leads upwards"),
        ["a name that only ends upwards"] = (_ => new TarWriter().Directory("a/..").End(), "leads upwards"),
        ["an absolute name"] = (outside => new TarWriter().File($"{outside}/victim").End(), null),
        ["an absolute name with many slashes"] = (outside => new TarWriter().File($"//{outside}//victim").End(), null),
        ["a long name that leads upwards (GNU)"] = (_ => new TarWriter().Entry("././@LongLink", 'L', data: "../victim\0"u8.ToArray()).File("harmless").End(), "leads upwards"),
        ["a path that leads upwards (pax)"] = (_ => new TarWriter().Pax(("path", "../victim")).File("harmless").End(), "leads upwards"),
        ["a file through a link to outside"] = (outside => new TarWriter().Link("out", outside).File("out/victim").End(), "symbolic link"),
        ["a file through a link upwards"] = (_ => new TarWriter().Link("out", "../outside").File("out/victim").End(), "symbolic link"),
        ["a file through two links"] = (_ => new TarWriter().Directory("a").Link("a/b", "..").Link("a/c", "b/..").File("a/c/victim").End(), "symbolic link"),
        ["a directory through a link to outside"] = (outside => new TarWriter().Link("out", outside).Directory("out/new").End(), "symbolic link"),
        ["a directory in the place of a link to outside"] = (outside => new TarWriter().Link("out", outside).Directory("out", 0x1c0).File("out/victim").End(), null),
        ["a file in the place of a link to a file outside"] = (outside => new TarWriter().Link("out", $"{outside}/victim").File("out", "overwritten").End(), null),
        ["a directory exchanged for a link between two entries"] = (outside => new TarWriter().Directory("a").Link("a", outside).File("a/victim").End(), "symbolic link"),
        ["a file below a file"] = (_ => new TarWriter().File("a").File("a/b").End(), "not a directory"),
        ["a hard link to outside, absolute"] = (outside => new TarWriter().HardLink("h", $"{outside}/victim").File("h", "overwritten").End(), "no earlier entry made"),
        ["a hard link to outside, upwards"] = (_ => new TarWriter().HardLink("h", "../outside/victim").End(), "leads upwards"),
        ["a hard link through a link to outside"] = (outside => new TarWriter().Link("out", outside).HardLink("h", "out/victim").End(), "symbolic link"),
        ["a hard link to a link to outside, written to"] = (outside => new TarWriter().Link("out", $"{outside}/victim").HardLink("h", "out").File("h", "overwritten").End(), null),
        ["a hard link to a directory"] = (_ => new TarWriter().Directory("d").HardLink("h", "d").End(), "is a directory"),
        ["a hard link to the root"] = (_ => new TarWriter().HardLink("h", "/").End(), "the root itself"),
        ["a hard link to itself"] = (_ => new TarWriter().HardLink("h", "h").End(), "no earlier entry made"),
        ["the root itself as a link"] = (outside => new TarWriter().Link("./", outside).End(), "stands for the root itself"),
        ["the root itself as a file"] = (_ => new TarWriter().File(".").End(), "stands for the root itself"),
        ["a full directory replaced by a link"] = (outside => new TarWriter().File("d/f").Link("d", outside).End(), "directory that has something in it"),
        ["a path with a NUL (pax)"] = (_ => new TarWriter().Pax(("path", "a\0b")).File("harmless").End(), "contains a NUL"),
        ["a link target with a NUL (pax)"] = (_ => new TarWriter().Pax(("linkpath", "a\0b")).Link("l", "t").End(), "contains a NUL"),
        ["a long name with a NUL (GNU)"] = (_ => new TarWriter().Entry("././@LongLink", 'L', data: "a\0b\0"u8.ToArray()).File("harmless").End(), "contains a NUL"),
        ["a name with newlines"] = (_ => new TarWriter().File("a\n../victim\nb").End(), null),
        ["a name with a newline and no harm"] = (_ => new TarWriter().File("a\nb").End(), null),
        ["a name of 300 bytes between slashes"] = (_ => new TarWriter().Pax(("path", new string('n', 300))).File("x").End(), "the kernel takes 255"),
        ["a path of 5000 bytes"] = (_ => new TarWriter().Pax(("path", string.Concat(Enumerable.Repeat("d/", 2500)) + "f")).File("x").End(), "the kernel takes 4095"),
        ["a path of five hundred directories"] = (_ => new TarWriter().Pax(("path", string.Concat(Enumerable.Repeat("d/", 500)) + "f")).File("x").End(), null),
        ["a link without a target"] = (_ => new TarWriter().Link("l", "").End(), "0 bytes"),
        ["a link with a target of 5000 bytes"] = (_ => new TarWriter().Pax(("linkpath", new string('t', 5000))).Link("l", "t").End(), "5000 bytes"),
        ["a negative size (base-256)"] = (_ => new TarWriter().Entry("a", '0', size: new string('\u00ff', 12)).End(), "size is -1"),
        ["the largest size (base-256)"] = (_ => new TarWriter().Entry("a", '0', size: "\u0080\0\0\0\u007f" + new string('\u00ff', 7)).End(), "its size is 9223372036854775807"),
        ["a size of more than 64 bits"] = (_ => new TarWriter().Entry("a", '0', size: "\u0080\u0001" + new string('\0', 10)).End(), "no number"),
        ["a size that is no number"] = (_ => new TarWriter().Entry("a", '0', size: "0000000009\0").End(), "no number"),
        ["a size beyond the archive"] = (_ => new TarWriter().Entry("a", '0', size: "77777777777\0").End(), "cut short"),
        ["a negative size (pax)"] = (_ => new TarWriter().Pax(("size", "-1")).File("a").End(), "no number"),
        ["a size of twenty digits (pax)"] = (_ => new TarWriter().Pax(("size", "99999999999999999999")).File("a").End(), "no number"),
        ["an owner of -1"] = (_ => new TarWriter().Pax(("uid", "4294967295")).File("a").End(), "not from 0 to 4294967294"),
        ["an owner beyond 32 bits"] = (_ => new TarWriter().Pax(("gid", "4294967296")).File("a").End(), "not from 0 to 4294967294"),
        ["a pax record longer than it says"] = (_ => new TarWriter().Entry("x", 'x', data: "5 a=bcdef\n"u8.ToArray()).File("a").End(), "does not have the length"),
        ["a pax record longer than its header"] = (_ => new TarWriter().Entry("x", 'x', data: "999 path=a\n"u8.ToArray()).File("a").End(), "does not have the length"),
        ["a pax record without a key"] = (_ => new TarWriter().Entry("x", 'x', data: "5 =b\n"u8.ToArray()).File("a").End(), "no key"),
        ["a pax header of a gigabyte"] = (_ => new TarWriter().Entry("x", 'x', size: TarWriter.Octal(1 << 30, 11)).File("a").End(), "larger than the"),
        ["a global header that names all entries"] = (_ => new TarWriter().Global(("path", "a")).File("b").End(), "all entries"),
        ["an attribute without a name"] = (_ => new TarWriter().Pax(("SCHILY.xattr.", "x")).File("a").End(), "extended attribute"),
        ["an attribute of 70000 bytes"] = (_ => new TarWriter().Pax(("SCHILY.xattr.user.x", new string('x', 70000))).File("a").End(), "65536"),
        ["an attribute that is not base64"] = (_ => new TarWriter().Pax(("LIBARCHIVE.xattr.user.x", "$$$")).File("a").End(), "base64"),
        ["overlayfs' own attributes"] = (_ => new TarWriter().Pax(("SCHILY.xattr.trusted.overlay.redirect", "/etc"), ("SCHILY.xattr.user.overlay.opaque", "y")).Directory("a").End(), null),
        ["a sparse file whose parts overlap"] = (_ => Sparse("0,10,5,10", 20), "overlap"),
        ["a sparse file with a part behind its end"] = (_ => Sparse("100,20", 20), "behind its end"),
        ["a sparse file with less data than its parts"] = (_ => Sparse("0,30", 100), "the archive holds 20"),
        ["a sparse file with half a part"] = (_ => Sparse("0,20,30", 100), "without a length"),
        ["a sparse file of a version that nobody knows"] = (_ => new TarWriter().Pax(("GNU.sparse.major", "2"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "1")).File("a").End(), "version 2.0"),
        ["a sparse file with a billion parts"] = (_ => new TarWriter().Pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "1")).File("a", "1000000000\n" + new string('0', 501)).End(), "1000000000 parts"),
        ["a sparse file whose map has no end"] = (_ => new TarWriter().Pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "1")).File("a", "1000\n1\n").End(), "longer than its data"),
        ["an entry of an unknown type"] = (_ => new TarWriter().Entry("a", 'Z').End(), "none that we know"),
        ["a part of another volume"] = (_ => new TarWriter().Entry("a", 'M').End(), "another volume"),
        ["a device number beyond the kernel's"] = (_ => new TarWriter().Entry("a", '3', change: h => TarWriter.Put(h, 329, "7777777\0")).End(), "device number"),
        ["a wrong checksum"] = (_ => new TarWriter().File("a").Entry("b", '0', fixSum: false).End(), "checksum"),
        ["a single block of zeros before more"] = (_ => new TarWriter().File("a").Raw(new byte[512]).File("../victim").End(), "single block of zeros"),
        ["a header for an entry that does not come"] = (_ => new TarWriter().Pax(("path", "x")).End(), "followed by the end"),
        ["no end marker"] = (_ => new TarWriter().File("a").WithoutEnd(), "end marker"),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_refused_or_contained(string name)
    {
        (Func<string, byte[]> make, string? refusal) = Corpus[name];
        byte[] archive = make(Outside);
        workspace.MakeDirectory("jail/root");
        List<string> before = Surroundings();

        Exception? error = Record.Exception(() => workspace.Unpack(new MemoryStream(archive), "jail/root"));

        Assert.Equal(before, Surroundings());
        if (refusal is null)
        {
            Assert.Null(error);
            return;
        }
        LittleboxException refused = Assert.IsAssignableFrom<LittleboxException>(error);
        Assert.Contains(refusal, refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void There_are_many_of_them() => Assert.True(Corpus.Count >= 60);

    [Fact]
    public void The_error_names_the_entry()
    {
        byte[] archive = new TarWriter().File("good").File("usr/../../victim").End();
        var refused = Assert.Throws<LittleboxException>(() => workspace.Unpack(new MemoryStream(archive), "jail/root"));
        Assert.Equal(ErrorKind.SafetyViolation, refused.Kind);
        Assert.Contains("\"usr/../../victim\"", refused.Message);
    }

    [Fact]
    public void A_malformed_entry_is_named_with_its_byte()
    {
        byte[] archive = new TarWriter().File("good").Entry("bad", '0', change: h => TarWriter.Put(h, 108, "9999999\0")).End();
        var malformed = Assert.Throws<TarFormatException>(() => workspace.Unpack(new MemoryStream(archive), "jail/root"));
        Assert.Equal(("\"bad\"", 1024L), (malformed.EntryName, malformed.Offset));
    }

    [Fact]
    public void An_archive_cut_short_at_any_block_is_an_error()
    {
        byte[] archive = Ordinary();
        for (int length = 0; length < archive.Length - 512; length += 512) AssertCutShort(archive, length);
    }

    [Fact]
    public void An_archive_cut_short_anywhere_is_an_error()
    {
        byte[] archive = Ordinary();
        var random = new Random(20251123);
        for (int i = 0; i < 200; i++) AssertCutShort(archive, random.Next(archive.Length - 1024));
    }

    [Theory]
    [InlineData("gzip -c")]
    [InlineData("zstd -qc")]
    [InlineData("xz -c")]
    public void A_compressed_archive_cut_short_anywhere_is_an_error(string compressor)
    {
        workspace.Write("whole.tar", Ordinary());
        workspace.Shell($"{compressor} <whole.tar >whole.any");
        byte[] archive = File.ReadAllBytes(workspace.At("whole.any"));
        for (int length = 0; length < archive.Length; length += Math.Max(1, archive.Length / 60)) AssertCutShort(archive, length);
    }

    [Theory]
    [InlineData("gzip -c", 9)]
    [InlineData("zstd -qc --check", 9)]
    [InlineData("xz -c", 12)]
    [InlineData("xz -c --check=sha256", 12)]
    public void A_compressed_archive_with_a_bit_turned_is_an_error_or_the_same_tree(string compressor, int header)
    {
        workspace.Write("whole.tar", Ordinary());
        workspace.Shell($"{compressor} <whole.tar >whole.any");
        byte[] archive = File.ReadAllBytes(workspace.At("whole.any"));
        byte[] whole = Ordinary();
        var random = new Random(7);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = (byte[])archive.Clone();
            damaged[random.Next(header, archive.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                using Stream stream = Decompression.Open(new MemoryStream(damaged));
                var copy = new MemoryStream();
                stream.CopyTo(copy);
                Assert.Equal(whole, copy.ToArray());
            }
            catch (CompressionException)
            {
                continue;
            }
        }
    }

    [Theory]
    [InlineData("gzip -c")]
    [InlineData("zstd -qc")]
    [InlineData("xz -c")]
    public void A_small_file_of_many_zeros_ends_at_the_limit(string compressor)
    {
        byte[] head = new TarWriter().Entry("bomb", '0', size: TarWriter.Octal(1L << 30, 11)).WithoutEnd();
        workspace.Write("head", head);
        workspace.Shell($"{{ cat head; head -c 200M /dev/zero; }} | {compressor} >bomb");
        using FileStream file = File.OpenRead(workspace.At("bomb"));
        using Stream archive = Decompression.Open(file);
        var error = Assert.Throws<LittleboxException>(() => workspace.Unpack(archive, "jail/root", new UnpackOptions { MaxBytes = 4 << 20 }));
        Assert.Contains("which is the limit", error.Message);
        Assert.Contains("\"bomb\"", error.Message);
        Assert.InRange(new FileInfo(workspace.At("jail/root/bomb")).Length, 0, 4 << 20);
    }

    [Fact]
    public void Zeros_without_end_behind_the_end_marker_end_at_the_limit()
    {
        var archive = new MemoryStream([.. new TarWriter().File("a").End(), .. new byte[8 << 20]]);
        var error = Assert.Throws<LittleboxException>(() => workspace.Unpack(archive, "jail/root", new UnpackOptions { MaxBytes = 4 << 20 }));
        Assert.Contains("which is the limit", error.Message);
    }

    [Fact]
    public void More_entries_than_the_limit_are_an_error()
    {
        byte[] archive = new TarWriter().File("a/b/c/d/e/f").End();
        var error = Assert.Throws<LittleboxException>(() => workspace.Unpack(new MemoryStream(archive), "jail/root", new UnpackOptions { MaxEntries = 5 }));
        Assert.Contains("more than 5 entries", error.Message);
    }

    [Theory]
    [InlineData("PK\u0003\u0004", "zip")]
    [InlineData("BZh91AY", "bzip2")]
    [InlineData("hsqs", "squashfs")]
    [InlineData("#!/bin/sh\n", "tar, tar.gz, tar.zst and tar.xz")]
    public void What_is_no_archive_is_refused_with_the_forms_that_are_known(string begin, string word)
    {
        byte[] file = new byte[2048];
        System.Text.Encoding.Latin1.GetBytes(begin).CopyTo(file, 0);
        var error = Assert.Throws<CompressionException>(() => Decompression.Open(new MemoryStream(file)));
        Assert.Contains(word, error.Message);
        Assert.Contains(Decompression.SupportedForms, error.Message);
    }

    [Fact]
    public void Text_that_is_compressed_is_no_tar_archive()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true)) gzip.Write(new byte[600].Select((_, i) => (byte)(i | 1)).ToArray());
        packed.Position = 0;
        using Stream archive = Decompression.Open(packed);
        Assert.Contains("not a tar archive", Assert.Throws<TarFormatException>(() => workspace.Unpack(archive, "jail/root")).Message);
    }

    private static byte[] Sparse(string map, long size) =>
        new TarWriter().Pax(("GNU.sparse.size", size.ToString()), ("GNU.sparse.numblocks", "1"), ("GNU.sparse.map", map)).File("a", "twenty bytes of data").End();

    internal static byte[] Ordinary() => new TarWriter()
        .Directory("./").Directory("bin/").File("bin/true", new string('x', 1500)).Link("bin/false", "true").HardLink("bin/also", "bin/true")
        .Pax(("path", "a/long/" + new string('n', 200)), ("mtime", "1700000000.5"), ("SCHILY.xattr.user.a", "\0\u0001=\n")).File("short")
        .Entry("././@LongLink", 'L', data: System.Text.Encoding.ASCII.GetBytes("b/" + new string('m', 200) + "\0")).File("short")
        .Pax(("GNU.sparse.size", "5000"), ("GNU.sparse.map", "0,10,4000,10")).File("sparse", "twenty bytes of data")
        .Global(("comment", "none")).Entry("pipe", '6').Directory("etc").File("etc/empty", "").File("etc/last", "the end\n").End();

    private void AssertCutShort(byte[] archive, int length)
    {
        Exception? error = Record.Exception(() =>
        {
            using Stream stream = Decompression.Open(new MemoryStream(archive, 0, length));
            workspace.Unpack(stream, "jail/root");
        });
        Assert.True(error is TarFormatException { IsCutShort: true } or CompressionException && error.Message.Contains("cut short") || error is CompressionException { IsCutShort: true },
            $"cut at {length} of {archive.Length}: {error}");
        // What there is may be unpacked over again.
        using Descriptor jail = Workspace.Open(workspace.At("jail"));
        DirectoryTree.Remove(jail.Number, "root");
    }

    private List<string> Surroundings() => TreeManifest.Of(workspace.Path).Where(line => !line.StartsWith("\"jail/root", StringComparison.Ordinal)).ToList();
}
