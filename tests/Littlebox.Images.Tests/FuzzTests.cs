using CsCheck;
using Littlebox.Images.Compression;
using Littlebox.Images.Tests.Tools;
using Littlebox.Images.Unpack;
using Littlebox.Linux;

namespace Littlebox.Images.Tests;

/// <summary>Archives with bytes changed at random, for a few seconds: a tree or an error for people, never another exception, never a file outside.</summary>
public sealed class FuzzTests : IDisposable
{
    private readonly Workspace workspace = new();

    private static readonly byte[] Interesting = [0, (byte)'.', (byte)'/', (byte)'0', (byte)'7', 0x80, 0xff];

    // A place (mostly in a header), what it becomes, and whether the checksum is made right again, so that what is behind it is reached.
    private static readonly Gen<(int Block, int Offset, byte Value, bool Sum)[]> Mutations =
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 511], Gen.OneOf(Gen.Byte, Gen.OneOf(Interesting.Select(Gen.Const).ToArray())), Gen.Bool).Array[1, 6];

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void A_changed_archive_gives_a_tree_or_an_error_and_nothing_outside()
    {
        byte[] original = HostileArchiveTests.Ordinary();
        workspace.MakeDirectory("jail/outside");
        workspace.Write("victim", "keep me"u8.ToArray());
        List<string> before = Surroundings();
        int trees = 0, errors = 0, number = 0;
        Mutations.Sample(mutations =>
        {
            byte[] archive = (byte[])original.Clone();
            foreach ((int block, int offset, byte value, bool sum) in mutations)
            {
                int start = block * 512 % archive.Length;
                archive[start + offset] = value;
                // Only what looks like a header gets a sum.
                if (sum && archive.AsSpan(start + 257, 5).SequenceEqual("ustar"u8)) TarWriter.Sum(archive.AsSpan(start, 512));
            }
            string name = $"root-{++number}";
            try
            {
                workspace.Unpack(new MemoryStream(archive), $"jail/{name}", new UnpackOptions { MaxBytes = 1 << 20, MaxEntries = 1000 });
                trees++;
            }
            catch (LittleboxException)
            {
                errors++;
            }
            using Descriptor jail = Workspace.Open(workspace.At("jail"));
            Store.Leftover.Remove(jail.Number, name);
        }, time: 4, threads: 1);
        Assert.Equal(before, Surroundings());
        Assert.True(trees > 10 && errors > 10, $"{trees} trees, {errors} errors: the changes are too small or too large");
    }

    [Fact]
    public void A_tree_that_is_closed_to_its_owner_can_be_removed()
    {
        workspace.MakeDirectory("jail/closed/inner/deep");
        workspace.Write("jail/closed/inner/file", [1]);
        foreach (string name in (string[])["jail/closed/inner/deep", "jail/closed/inner", "jail/closed"]) File.SetUnixFileMode(workspace.At(name), UnixFileMode.None);
        using Descriptor jail = Workspace.Open(workspace.At("jail"));
        Store.Leftover.Remove(jail.Number, "closed");
        Assert.False(Directory.Exists(workspace.At("jail/closed")));
    }

    [Theory]
    [InlineData("xz -c --check=none")]
    [InlineData("xz -0c --check=none --lzma2=dict=4096,lc=4,lp=0,pb=0")]
    public void Changed_xz_data_gives_bytes_or_an_error(string compressor)
    {
        workspace.Write("whole", HostileArchiveTests.Ordinary());
        workspace.Shell($"cat whole whole whole | {compressor} >packed");
        byte[] original = File.ReadAllBytes(workspace.At("packed"));
        Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[1, 4].Sample(mutations =>
        {
            byte[] packed = (byte[])original.Clone();
            // Behind the headers, whose checksums would catch it at once.
            foreach ((int offset, byte value) in mutations) packed[24 + offset % (packed.Length - 24)] = value;
            try
            {
                using Stream stream = Decompression.Open(new MemoryStream(packed));
                stream.CopyTo(Stream.Null);
            }
            catch (CompressionException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }, time: 2, threads: 1);
    }

    private List<string> Surroundings() => TreeManifest.Of(workspace.Path, withTimes: false);
}
