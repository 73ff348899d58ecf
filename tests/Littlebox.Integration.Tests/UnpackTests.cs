using System.Diagnostics;
using System.Formats.Tar;

namespace Littlebox.Integration.Tests;

/// <summary>Unpacking an archive, seen from outside: interrupted, killed, and what it tells about what it left out.</summary>
public sealed class UnpackTests
{
    private const string Store = "/var/lib/littlebox/roots";

    [Theory]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    public void A_signal_ends_unpacking_and_what_was_unpacked_is_removed(int signal, int exitCode)
    {
        using var sandbox = new Sandbox();
        using var leaks = new LeakCheck();
        using RunningProgram running = NativeBinary.Start("run", "--rm", LargeArchive(sandbox), "true");
        WaitForPart(running);
        running.Signal(signal);
        RunResult result = running.WaitForEnd();
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains("unpacking was interrupted", result.Errors, StringComparison.Ordinal);
        leaks.Compare();
    }

    [Fact]
    public void What_a_littlebox_killed_while_unpacking_leaves_is_removed_by_the_next_command()
    {
        using var sandbox = new Sandbox();
        using var leaks = new LeakCheck();
        using RunningProgram running = NativeBinary.Start("run", "--rm", LargeArchive(sandbox), "true");
        WaitForPart(running);
        running.Signal(9);
        Assert.Equal(137, running.WaitForEnd().ExitCode);
        Assert.NotEmpty(Directory.EnumerateDirectories(Store, ".part-*"));
        NativeBinary.Run("ps").ExpectSuccess();
        leaks.Compare();
    }

    // A sparse file of half a gigabyte that is a valid archive: one entry of zeros.
    private static string LargeArchive(Sandbox sandbox)
    {
        const long Size = 512L << 20;
        string path = sandbox["large.tar"];
        using FileStream file = File.Create(path);
        using (var writer = new TarWriter(file, TarEntryFormat.Ustar, leaveOpen: true)) writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "zeros"));
        byte[] header = new byte[512];
        file.Position = 0;
        file.ReadExactly(header);
        // The size, and the checksum made anew (tar(5)).
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(Size, 8).PadLeft(11, '0')).CopyTo(header, 124);
        header.AsSpan(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte one in header) sum += one;
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        file.Position = 0;
        file.Write(header);
        file.SetLength(512 + Size + 1024);
        return path;
    }

    private static void WaitForPart(RunningProgram running)
    {
        var watch = Stopwatch.StartNew();
        while (!Directory.Exists(Store) || !Directory.EnumerateFiles(Store, "zeros", SearchOption.AllDirectories).Any())
        {
            Assert.False(running.HasEnded, running.Errors);
            Assert.True(watch.Elapsed < Program.DefaultLimit, "nothing was unpacked");
            Thread.Sleep(1);
        }
    }
}
