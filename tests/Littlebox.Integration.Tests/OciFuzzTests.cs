using System.Text;
using System.Text.Json;
using Littlebox.Oci.Tests;

namespace Littlebox.Integration.Tests;

/// <summary>Damaged documents through the real binary: created or refused, never a crash, a hang, or something left behind.</summary>
public sealed class OciFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20260215, Documents = 300;

    private readonly OciBundle bundle = new();
    private readonly string cgroup = $"/littlebox-oci-test-{Environment.ProcessId}-fuzz";

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void A_damaged_document_is_created_or_refused_and_nothing_is_left_of_it()
    {
        output.WriteLine($"seed {Seed}");
        bundle.Sandbox.Write("bundle/data/file", "");
        IReadOnlyList<string> whole = WholeConfigs.All(cgroup);
        foreach (string document in whole)
        {
            bundle.Sandbox.Write("bundle/config.json", document);
            Create().ExpectSuccess();
            bundle.Oci("delete", "--force", "fuzz").ExpectSuccess();
        }
        using var leaks = new LeakCheck(bundle.Store);
        var mutator = new ConfigMutator(Seed);
        List<string> wrong = [];
        int created = 0;
        for (int i = 0; i < Documents && wrong.Count < 5; i++)
        {
            byte[] damaged = mutator.Next(whole);
            if (!IsHarmless(damaged))
            {
                i--;
                continue;
            }
            File.WriteAllBytes($"{bundle.Bundle}/config.json", damaged);
            RunResult result = Create();
            string problem = result.ExitCode switch
            {
                0 => "",
                1 when result.Errors.Contains("level=error", StringComparison.Ordinal) && !result.Errors.Contains("nhandled", StringComparison.Ordinal) => "",
                _ => "it has crashed; ",
            };
            if (result.ExitCode == 0) created++;
            else if (Directory.EnumerateFileSystemEntries(bundle.Store).Any()) problem += "it has left something in the directory of containers; ";
            RunResult deleted = bundle.Oci("delete", "--force", "fuzz");
            if (deleted is not { ExitCode: 0, Errors.Length: 0 } || Directory.EnumerateFileSystemEntries(bundle.Store).Any()) problem += $"delete: {deleted}";
            if (problem.Length > 0) wrong.Add($"document {i} of seed {Seed}: {problem}\n{result}\n{Encoding.UTF8.GetString(damaged, 0, Math.Min(damaged.Length, 6000))}");
        }
        output.WriteLine($"{created} created of {Documents}");
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
        Assert.InRange(created, Documents / 10, Documents * 9 / 10);
        leaks.Compare();
    }

    // In namespaces of the test's own: a document that lost one of its own does not reach the machine's.
    private RunResult Create() => Program.Bash($"code=0; unshare --net --uts --ipc --mount --propagation private {OciBundle.Binary} --root {bundle.Store} create --bundle {bundle.Bundle} fuzz </dev/null >{bundle.Sandbox["output"]} 2>{bundle.Sandbox["errors"]} || code=$?; "
        + $"head -c 20000 {bundle.Sandbox["errors"]} >&2; exit $code", TimeSpan.FromMinutes(2));

    // Whatever is mounted, or is the root, lies in the bundle, and the cgroup where this test looks for it: the machine is not to be touched by what the document asks for rightly.
    private bool IsHarmless(byte[] document)
    {
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = 64 });
            if (parsed.RootElement.ValueKind != JsonValueKind.Object) return true;
            if (Child(parsed.RootElement, "root", "path") is { ValueKind: JsonValueKind.String } root && root.GetString() != "rootfs") return false;
            if (Child(parsed.RootElement, "linux", "cgroupsPath") is not { ValueKind: JsonValueKind.String } path || path.GetString() != cgroup) return false;
            if (Child(parsed.RootElement, "mounts") is not { ValueKind: JsonValueKind.Array } mounts) return true;
            foreach (JsonElement mount in mounts.EnumerateArray())
            {
                if (mount.ValueKind == JsonValueKind.Object && mount.TryGetProperty("source", out JsonElement source) && source.ValueKind == JsonValueKind.String && source.GetString()!.AsSpan().IndexOfAny('/', '.') >= 0) return false;
            }
            return true;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // What is no JSON for this reader is none for the other one.
            return true;
        }
    }

    private static JsonElement? Child(JsonElement element, params string[] names)
    {
        foreach (string name in names)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return null;
        }
        return element;
    }
}
