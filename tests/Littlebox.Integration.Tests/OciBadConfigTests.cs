using System.Text.Json.Nodes;
using Littlebox.Oci.Tests;

namespace Littlebox.Integration.Tests;

/// <summary>littlebox-oci refuses what is wrong before anything is made.</summary>
public sealed class OciBadConfigTests : IDisposable
{
    private readonly Sandbox sandbox = new();

    public OciBadConfigTests() => sandbox.MakeRoot("bundle/rootfs");

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void Every_bad_config_is_refused_with_its_place_and_nothing_is_left()
    {
        using var leaks = new LeakCheck(sandbox["state"]);
        JsonNode right = BadConfigs.Right;
        string[] root = Files();
        List<string> wrong = [];
        foreach (BadConfig bad in BadConfigs.All)
        {
            sandbox.Write("bundle/config.json", bad.Of(right));
            RunResult result = Oci("create", "--bundle", sandbox["bundle"], "bad");
            // A line of the log: quotes in it are escaped.
            string errors = result.Errors.Replace("\\\"", "\"", StringComparison.Ordinal);
            if (result.ExitCode != 1) wrong.Add($"{bad}: ended with {result.ExitCode}: {errors}");
            else if (!errors.Contains(bad.Pointer, StringComparison.Ordinal) || !errors.Contains(bad.Words, StringComparison.Ordinal))
                wrong.Add($"{bad}: wanted {bad.Pointer}: {bad.Words}; {errors}");
            if (Directory.Exists(sandbox["state"]) && Directory.EnumerateFileSystemEntries(sandbox["state"]).Any()) wrong.Add($"{bad}: left something in the directory of containers");
            if (result.ExitCode == 0) Oci("delete", "--force", "bad");
            string[] now = Files();
            if (!now.SequenceEqual(root)) wrong.Add($"{bad}: left in the root {string.Join(' ', now.Except(root))}; {errors}");
            root = now;
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        leaks.Compare();
    }

    [Fact]
    public void The_right_config_of_that_table_runs()
    {
        sandbox.Write("bundle/config.json", BadConfigs.Right.ToJsonString());
        Oci("run", "--bundle", sandbox["bundle"], "right").ExpectSuccess();
    }

    private string[] Files() => [.. Directory.EnumerateFileSystemEntries(sandbox["bundle/rootfs"], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private RunResult Oci(params string[] arguments) => Program.Run(NativeBinary.OciLocation, ["--root", sandbox["state"], .. arguments]);
}
