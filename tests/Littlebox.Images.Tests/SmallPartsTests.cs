using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Littlebox.Images.Tar;
using Littlebox.Images.Tests.Tools;

namespace Littlebox.Images.Tests;

public sealed class SmallPartsTests
{
    [Fact]
    public void Our_SHA_256_is_that_of_the_runtime() => Gen.Byte.Array[0, 300].Sample(data =>
    {
        var hash = new Sha256();
        hash.Add(data.AsSpan(0, data.Length / 3));
        hash.Add(data.AsSpan(data.Length / 3));
        return hash.Finish().AsSpan().SequenceEqual(SHA256.HashData(data));
    }, iter: 2000);

    [Theory]
    [InlineData("0000644\0", 420)]
    [InlineData("  644 \0 ", 420)]
    [InlineData("\0\0\0\0\0\0\0\0", 0)]
    [InlineData("77777777", 16777215)]
    [InlineData("\u0080\0\0\0\0\0\u0001\0", 256)]
    [InlineData("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00fe", -2)]
    [InlineData("12a4567\0", null)]
    [InlineData("-000001\0", null)]
    [InlineData("8\0\0\0\0\0\0\0", null)]
    public void A_number_of_a_header(string field, int? expected)
    {
        bool right = TarNumber.TryParse(Encoding.Latin1.GetBytes(field), out long value);
        Assert.Equal((long?)expected, right ? value : (long?)null);
    }

    [Theory]
    [InlineData("1700000000", 1700000000, 0u)]
    [InlineData("1.5", 1, 500000000u)]
    [InlineData("1.1234567899", 1, 123456789u)]
    [InlineData("-1.25", -2, 750000000u)]
    [InlineData("-1", -1, 0u)]
    [InlineData("-0.5", -1, 500000000u)]
    public void A_time_of_a_pax_record(string text, long seconds, uint nanoseconds)
    {
        Assert.True(TarNumber.TryTime(Encoding.ASCII.GetBytes(text), out TarTime time));
        Assert.Equal(new TarTime(seconds, nanoseconds), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".5")]
    [InlineData("1e9")]
    [InlineData("1.x")]
    [InlineData("99999999999999999999")]
    public void What_is_no_time_is_refused(string text) => Assert.False(TarNumber.TryTime(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Attributes_of_libarchive_are_read_where_those_of_star_are_not_there()
    {
        byte[] archive = new TarWriter()
            .Pax(("LIBARCHIVE.xattr.user.a%3Db", "AAEC"), ("LIBARCHIVE.xattr.user.c", "eA"), ("SCHILY.xattr.user.d", "raw"), ("LIBARCHIVE.xattr.user.d", "eA"))
            .File("f").End();
        TarEntry entry = new TarReader(new MemoryStream(archive)).Next()!;
        Assert.Equal(["user.a=b 000102", "user.c 78", "user.d 726177"],
            entry.Attributes.Select(a => $"{Encoding.ASCII.GetString(a.Name.Span)} {Convert.ToHexStringLower(a.Value.Span)}").Order());
    }

    [Fact]
    public void A_global_header_sets_owners_and_times_until_an_entry_says_otherwise()
    {
        byte[] archive = new TarWriter().Global(("uid", "7"), ("mtime", "5.5")).File("a").Pax(("uid", "8")).File("b").Global(("uid", "")).File("c").End();
        var reader = new TarReader(new MemoryStream(archive));
        var seen = new List<string>();
        while (reader.Next() is { } entry) seen.Add($"{entry.DisplayName} {entry.Uid} {entry.ModifyTime.Seconds}.{entry.ModifyTime.Nanoseconds}");
        Assert.Equal(["\"a\" 7 5.500000000", "\"b\" 8 5.500000000", "\"c\" 0 5.500000000"], seen);
    }

    [Fact]
    public void An_empty_archive_has_no_entries() => Assert.Null(new TarReader(new MemoryStream(new TarWriter().End())).Next());

    [Fact]
    public void A_reader_that_is_given_a_byte_at_a_time_sees_the_same()
    {
        byte[] archive = HostileArchiveTests.Ordinary();
        Assert.Equal(Names(new MemoryStream(archive)), Names(new Drip(archive)));

        static List<string> Names(Stream stream)
        {
            var reader = new TarReader(stream);
            var names = new List<string>();
            while (reader.Next() is { } entry)
            {
                byte[] data = new byte[entry.StoredSize + 1];
                int length = 0;
                for (int read; (read = reader.Read(data.AsSpan(length))) > 0;) length += read;
                names.Add($"{entry.DisplayName} {entry.Type} {Convert.ToHexString(data, 0, length)}");
            }
            return names;
        }
    }

    [Theory]
    [InlineData("gzip -c")]
    [InlineData("zstd -qc")]
    [InlineData("xz -c")]
    public void A_decompressor_that_is_given_a_byte_at_a_time_gives_the_same(string compressor)
    {
        using var workspace = new Workspace();
        byte[] archive = HostileArchiveTests.Ordinary();
        workspace.Write("whole", archive);
        workspace.Shell($"{{ head -c 5000 whole | {compressor}; tail -c +5001 whole | {compressor}; }} >packed");
        using Stream stream = Compression.Decompression.Open(new Drip(File.ReadAllBytes(workspace.At("packed"))));
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        Assert.Equal(archive, copy.ToArray());
    }

    private sealed class Drip(byte[] data) : Compression.ReadingStream
    {
        private int position;

        public override int Read(Span<byte> buffer)
        {
            if (position == data.Length || buffer.IsEmpty) return 0;
            buffer[0] = data[position++];
            return 1;
        }
    }
}
