using System.Text.Json.Nodes;

namespace Littlebox.Integration.Tests;

/// <summary>The root of a container of littlebox-oci and what is mounted in it, where it is out of the ordinary: without pivot_root, read-only, with very many mounts or very long options.</summary>
public sealed class OciRootTests : IDisposable
{
    private readonly OciBundle bundle = new();

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void A_relative_destination_is_taken_from_the_root_on_with_a_warning()
    {
        Mount("data/inner", "tmpfs", "tmpfs");
        RunResult result = bundle.Run("grep", "-c", " /data/inner ", "/proc/self/mountinfo").ExpectExit(0);
        Assert.Equal(["1"], result.Lines);
        Assert.Contains("level=warning", result.Errors, StringComparison.Ordinal);
        Assert.Contains("/mounts/4/destination", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--no-pivot")]
    public void A_user_namespace_in_a_container_gets_no_proc_without_the_masks_of_the_container_s(params string[] options)
    {
        string[] all = [.. Enumerable.Range(0, 41).Select(static number => CapabilityOf(number))];
        bundle.Process["capabilities"] = new JsonObject { ["bounding"] = OciBundle.Words(all), ["effective"] = OciBundle.Words(all), ["permitted"] = OciBundle.Words(all) };
        bundle.Write("unshare", "-Urmpf", "sh", "-c", "mount -t proc proc /tmp && echo mounted || echo refused");
        RunResult result = bundle.Oci(["run", "--bundle", bundle.Bundle, .. options, "masked"]);
        Assert.Equal(["refused"], result.Lines);
    }

    [Fact]
    public void A_working_directory_that_is_missing_is_made_in_a_read_only_root_too()
    {
        bundle.Config["root"]!["readonly"] = true;
        bundle.Process["cwd"] = "/made/for/it";
        Assert.Equal(["/made/for/it", "read-only"], bundle.Run("sh", "-c", "pwd; touch x 2>/dev/null || echo read-only").ExpectSuccess().Lines);
    }

    [Fact]
    public void A_document_may_have_more_mounts_than_the_caller_may_have_open_files()
    {
        // Each holds some descriptors until the container is made.
        for (int i = 0; i < 400; i++) Mount($"/many/{i}", "tmpfs", "tmpfs", "size=4k");
        JsonArray masked = bundle.Linux["maskedPaths"]!.AsArray();
        for (int i = 0; i < 400; i++) masked.Add($"/many/{i}");
        bundle.Write("sh", "-c", "grep -c ' /many/' /proc/self/mountinfo; ulimit -n; ulimit -Hn");
        RunResult result = Program.Run("prlimit", ["--nofile=512:4096", OciBundle.Binary, "--root", bundle.Store, "run", "--bundle", bundle.Bundle, "many"], limit: TimeSpan.FromMinutes(2)).ExpectSuccess();
        Assert.Equal(["800", "512", "4096"], result.Lines);
    }

    [Fact]
    public void While_it_waits_for_start_the_first_process_has_nothing_open_but_its_streams_and_the_socket()
    {
        bundle.Write("sleep", "1000");
        bundle.Create("waiting").ExpectSuccess();
        string[] open = Directory.GetFiles($"/proc/{bundle.State("waiting").GetProperty("pid").GetInt32()}/fd");
        Assert.Equal(4, open.Length);
        bundle.Delete("waiting");
    }

    [Fact]
    public void Options_that_are_longer_than_fsconfig_takes_them_are_given_by_a_page()
    {
        // Each of them has more than 255 bytes together with the others.
        string[] lower = [.. Enumerable.Range(0, 4).Select(i => bundle.Sandbox[$"lower-{i}-{new string('x', 80)}"])];
        foreach (string directory in lower) File.WriteAllText($"{Directory.CreateDirectory(directory).FullName}/{Path.GetFileName(directory)[..7]}", "");
        string upper = Directory.CreateDirectory(bundle.Sandbox["upper"]).FullName, work = Directory.CreateDirectory(bundle.Sandbox["work"]).FullName;
        Mount("/layers", "overlay", "overlay", $"lowerdir={string.Join(':', lower)}", $"upperdir={upper}", $"workdir={work}", "nosuid", "noatime", "rprivate");
        Assert.Equal(["lower-0", "lower-1", "lower-2", "lower-3", "rw,nosuid,noatime"], bundle.Run("sh", "-c", "ls /layers; touch /layers/new; grep ' /layers ' /proc/self/mountinfo | cut -d' ' -f6").ExpectSuccess().Lines);
        Assert.True(File.Exists(upper + "/new"));
    }

    [Theory]
    [InlineData("overlay", 5000, "at most 4095")]
    [InlineData("tmpfs", 300, "more than 255 bytes")]
    public void Options_that_the_kernel_does_not_take_at_all_are_refused_with_their_place(string type, int length, string words)
    {
        Mount("/layers", type, type, $"lowerdir=/{new string('x', length)}");
        string errors = bundle.Run("true").ExpectExit(1).Errors;
        Assert.Contains("/mounts/4/options", errors, StringComparison.Ordinal);
        Assert.Contains(words, errors, StringComparison.Ordinal);
    }

    private static string CapabilityOf(int number) => "CAP_" + Program.Run("capsh", [$"--decode={1UL << number:x16}"]).ExpectSuccess().Output.Trim().Split("cap_")[1].ToUpperInvariant();

    private void Mount(string destination, string type, string source, params string[] options) =>
        bundle.Config["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = destination, ["type"] = type, ["source"] = source, ["options"] = OciBundle.Words(options) });
}
