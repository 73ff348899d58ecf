using System.Diagnostics;
using System.Text.Json.Nodes;
using Littlebox.Integration.Tests;

namespace Littlebox.Isolation.Tests;

/// <summary>A name of the root is a directory and a link to the host in turn while containers are made (CVE-2021-30465, CVE-2024-45310, CVE-2025-31133, CVE-2026-41579).</summary>
public sealed class RaceTests : IDisposable
{
    private const int Rounds = 25;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);

    private readonly Bundle bundle = new();
    private readonly HostWitness witness;

    public RaceTests() => witness = new HostWitness(bundle);

    public void Dispose() => bundle.Dispose();

    [Theory]
    [InlineData("race", "a mount lands beneath the root or nowhere")]
    [InlineData("race/made/deep", "what is made for a mount is made beneath the root or nowhere")]
    public void A_destination_that_is_exchanged_with_a_link_never_leads_a_mount_out_of_the_root(string destination, string why)
    {
        Assert.NotEmpty(why);
        Prepare("race");
        bundle.Mount("/" + destination, "tmpfs", "tmpfs", "mode=755").Script("true");
        Race(bundle.InRoot("race"), bundle.InRoot("race.link"));
    }

    [Fact]
    public void Devices_are_never_made_on_the_host_while_dev_is_exchanged_with_a_link()
    {
        Directory.Move(bundle.InRoot("dev"), bundle.InRoot("dev.old"));
        Prepare("dev");
        bundle.WithoutMount("/dev").WithoutMount("/dev/pts").WithoutMount("/dev/shm").WithoutMount("/dev/mqueue").Script("true");
        bundle.Linux["devices"] = JsonNode.Parse("""[{ "path": "/dev/attack", "type": "c", "major": 1, "minor": 3 }, { "path": "/dev/deep/attack", "type": "p" }]""");
        Race(bundle.InRoot("dev"), bundle.InRoot("dev.link"));
    }

    [Fact]
    public void A_directory_for_devices_that_is_exchanged_with_a_link_gets_no_device_out_of_the_root()
    {
        Prepare("nodes");
        bundle.Script("true");
        bundle.Linux["devices"] = JsonNode.Parse("""[{ "path": "/nodes/attack", "type": "c", "major": 1, "minor": 3 }, { "path": "/nodes/made/attack", "type": "c", "major": 1, "minor": 3 }]""");
        Race(bundle.InRoot("nodes"), bundle.InRoot("nodes.link"));
    }

    [Fact]
    public void Masks_and_read_only_paths_that_are_exchanged_with_a_link_never_cover_the_host()
    {
        Prepare("hidden");
        File.WriteAllText(bundle.InRoot("hidden/file"), "hidden");
        bundle.Set("maskedPaths", "/hidden/directory", "/hidden/file").Set("readonlyPaths", "/hidden").Script("true");
        Race(bundle.InRoot("hidden"), bundle.InRoot("hidden.link"));
    }

    [Fact]
    public void The_proc_of_a_container_is_genuine_or_there_is_no_container_while_proc_is_exchanged_with_a_link()
    {
        Directory.Delete(bundle.InRoot("proc"));
        Prepare("proc");
        // Once the container runs, the directory with its proc is still exchanged: then there is none at /proc.
        bundle.Script("cat /proc/1/comm 2>/dev/null; true");
        Race(bundle.InRoot("proc"), bundle.InRoot("proc.link"), static result => Assert.Contains(result.Output.Trim(), (string[])["sh", ""]));
    }

    [Fact]
    public void The_working_directory_is_in_the_root_while_it_is_exchanged_with_a_link()
    {
        Prepare("work");
        File.Delete(bundle.InRoot("work.link"));
        File.CreateSymbolicLink(bundle.InRoot("work.link"), "/proc/self/fd/7");
        bundle.Config["process"]!["cwd"] = "/work";
        bundle.Script("/bin/pwd; ls -A .. | grep -c rootfs || true");
        Race(bundle.InRoot("work"), bundle.InRoot("work.link"), static result =>
        {
            // The directory, whichever of its names it has at the moment.
            Assert.StartsWith("/work", result.Lines[0], StringComparison.Ordinal);
            Assert.Equal("0", result.Lines[1]);
        });
    }

    // A directory, and beside it a link that climbs to the victim, absolutely and relatively enough for every level.
    private void Prepare(string name)
    {
        Directory.CreateDirectory(bundle.InRoot(name + "/directory"));
        File.CreateSymbolicLink(bundle.InRoot(name + ".link"), string.Concat(Enumerable.Repeat("../", 12)) + witness.Path.TrimStart('/'));
    }

    private void Race(string one, string other, Action<RunResult>? succeeded = null)
    {
        using var leaks = new LeakCheck(bundle.State);
        long exchanges;
        var watch = Stopwatch.StartNew();
        using (var exchanger = new Exchanger(one, other))
        {
            for (int round = 0; round < Rounds && watch.Elapsed < Enough; round++)
            {
                RunResult result = bundle.Run();
                if (result.ExitCode == 0) succeeded?.Invoke(result);
                else Assert.True(result.Errors.Length > 0, $"refused without a word\n{result}");
                witness.Check();
            }
            exchanges = exchanger.Exchanges;
        }
        Assert.True(exchanges > 0, "nothing has been exchanged: this file system cannot (renameat2, RENAME_EXCHANGE)");
        leaks.Compare();
    }
}
