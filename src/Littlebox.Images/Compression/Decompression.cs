using Littlebox.Images.Compression.Xz;
using Littlebox.Images.Tar;
using ZstdSharp;

namespace Littlebox.Images.Compression;

/// <summary>Finds out by its first bytes, never by its name, how an archive is compressed, and unpacks it.</summary>
public static class Decompression
{
    /// <summary>The forms, for help and errors.</summary>
    public const string SupportedForms = "tar, tar.gz, tar.zst and tar.xz";

    /// <summary>Makes a stream that gives the archive without its compression. Checksums are verified as far as the form has them.</summary>
    /// <param name="source">The archive, read from where it stands; the caller closes it, after the stream that is returned.</param>
    /// <returns>The tar archive. Damage shows as a <see cref="CompressionException"/> while it is read.</returns>
    /// <exception cref="CompressionException">It is in none of <see cref="SupportedForms"/>.</exception>
    public static Stream Open(Stream source)
    {
        byte[] first = new byte[TarHeader.Size];
        int length = source.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> head = first.AsSpan(0, length);
        var whole = new PrefixedStream(first.AsMemory(0, length), source);
        if (head is [0x1f, 0x8b, ..]) return new CheckedStream("gzip", new GzipReader(whole));
        if (head is [0x28, 0xb5, 0x2f, 0xfd, ..] or [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..]) return new CheckedStream("zstd", new DecompressionStream(whole));
        if (head is [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..]) return new CheckedStream("xz", new XzStream(whole));
        if (length == 0) throw new CompressionException("the archive is an empty file", isCutShort: true);
        if (head.IndexOfAnyExcept((byte)0) < 0 || (length == TarHeader.Size && new TarHeader(head).ChecksumIsRight())) return whole;
        throw new CompressionException($"the archive {WhatItIs(head)}; a root is taken from {SupportedForms}");
    }

    private static string WhatItIs(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("BZh"u8)) return "is compressed with bzip2";
        if (head.StartsWith("PK"u8)) return "is a zip file";
        if (head is [0x04, 0x22, 0x4d, 0x18, ..]) return "is compressed with lz4";
        if (head is [0x5d, 0, 0, ..]) return "is compressed with lzma, the forerunner of xz";
        if (head.StartsWith("hsqs"u8)) return "is a squashfs image";
        if (head.StartsWith("QFI"u8)) return "is a qcow2 disk image";
        if (head.StartsWith("070701"u8)) return "is a cpio archive";
        if (head.Length < TarHeader.Size) return $"has only {head.Length} bytes, which is less than a tar header (cut short?)";
        return $"is in no form that we know (it begins with {Convert.ToHexString(head[..8])})";
    }
}
