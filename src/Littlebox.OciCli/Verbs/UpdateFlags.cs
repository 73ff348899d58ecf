using System.Globalization;
using System.Numerics;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.OciCli.CommandLine;

namespace Littlebox.OciCli.Verbs;

/// <summary>The flags of <c>update</c> as <c>linux.resources</c>. What is not given is not set.</summary>
internal static class UpdateFlags
{
    /// <summary>Reads them.</summary>
    /// <exception cref="LittleboxException">A value is no number, or cannot be enforced by this program.</exception>
    public static LinuxResources Read(ParsedFlags line)
    {
        foreach (string flag in (string[])["l3-cache-schema", "mem-bw-schema"])
        {
            if (line.Value(flag) is { Length: > 0 }) throw new LittleboxException(ErrorKind.NotSupported, $"--{flag}: this container has no group of Intel RDT, in which it could be set");
        }
        return new LinuxResources
        {
            Memory = new LinuxMemory
            {
                Limit = Bytes(line, "memory"),
                Swap = Bytes(line, "memory-swap"),
                Reservation = Bytes(line, "memory-reservation"),
                Kernel = Bytes(line, "kernel-memory"),
                KernelTcp = Bytes(line, "kernel-memory-tcp"),
            },
            Cpu = new LinuxCpu
            {
                Period = Number<ulong>(line, "cpu-period"),
                Quota = Number<long>(line, "cpu-quota"),
                Burst = Number<ulong>(line, "cpu-burst"),
                Shares = Number<ulong>(line, "cpu-share"),
                RealtimePeriod = Number<ulong>(line, "cpu-rt-period"),
                RealtimeRuntime = Number<long>(line, "cpu-rt-runtime"),
                Cpus = line.Value("cpuset-cpus"),
                Mems = line.Value("cpuset-mems"),
                Idle = Number<long>(line, "cpu-idle"),
            },
            Pids = Number<long>(line, "pids-limit") is { } pids ? new LinuxPids { Limit = pids } : null,
            BlockIo = Number<ushort>(line, "blkio-weight") is { } weight ? new LinuxBlockIo { Weight = weight } : null,
        };
    }

    /// <summary>A size: bytes, or with a unit of 1024 (<c>512m</c>, <c>1.5g</c>, <c>10kb</c>, <c>1GiB</c>); -1 for no limit.</summary>
    /// <exception cref="LittleboxException">It is none.</exception>
    public static long Size(string text, string flag)
    {
        if (text == "-1") return -1;
        ReadOnlySpan<char> number = text.AsSpan().TrimEnd("bB");
        if (number is [.., 'i' or 'I']) number = number[..^1];
        int shift = number is [.., var unit] ? char.ToLowerInvariant(unit) switch { 'k' => 10, 'm' => 20, 'g' => 30, 't' => 40, 'p' => 50, _ => 0 } : 0;
        if (shift > 0) number = number[..^1];
        bool isBinary = text.Length > 0 && text.AsSpan().IndexOfAny("iI") >= 0;
        if (double.TryParse(number.TrimEnd(' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && (!isBinary || shift > 0) && value * (1L << shift) < long.MaxValue)
            return (long)(value * (1L << shift));
        throw Invalid(flag, text, "a number of bytes, or with a unit, such as 512m or 1g; -1 for no limit");
    }

    private static long? Bytes(ParsedFlags line, string flag) => line.Value(flag) is { Length: > 0 } text ? Size(text, flag) : null;

    private static T? Number<T>(ParsedFlags line, string flag)
        where T : struct, IBinaryInteger<T>
    {
        if (line.Value(flag) is not { Length: > 0 } text) return null;
        return T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T value) ? value : throw Invalid(flag, text, "a whole number");
    }

    private static LittleboxException Invalid(string flag, string text, string allowed) => new(ErrorKind.InvalidArgument, $"invalid value for {flag}: found {Linux.Text.Strace.Quote(text)}; allowed: {allowed}");
}
