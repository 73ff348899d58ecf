using System.Text;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Oci.Tests;
using Littlebox.Runtime.Oci;

namespace Littlebox.Runtime.Tests;

/// <summary>
/// Twenty thousand damaged documents are read, checked, and made a plan of, as <c>create</c> does it: a plan, or an error that names the place in the document; never another exception, work
/// without bound, or a touch of the machine.
/// </summary>
public sealed class OciFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20260214, Documents = 20_000;

    private readonly TemporaryDirectory bundle = new();

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void A_damaged_document_becomes_a_plan_or_is_refused_with_its_place()
    {
        Task all = Task.Run(TryAll);
        Assert.True(Task.WaitAny([all], TimeSpan.FromMinutes(10)) == 0, "a document hangs");
        all.GetAwaiter().GetResult();
    }

    [Theory]
    [InlineData("/mounts", """{ "destination": "/proc", "type": "proc" }""")]
    [InlineData("/linux/devices", """{ "path": "/dev/INDEX", "type": "p" }""")]
    [InlineData("/linux/maskedPaths", "\"/proc/INDEX\"")]
    [InlineData("/linux/readonlyPaths", "\"/proc/INDEX\"")]
    [InlineData("/hooks/createContainer", """{ "path": "/bin/true" }""")]
    [InlineData("/hooks/startContainer", """{ "path": "/bin/true" }""")]
    public void A_list_that_is_longer_than_one_start_can_hold_is_refused_with_its_place(string pointer, string entry)
    {
        Directory.CreateDirectory($"{bundle.Path}/rootfs");
        Assert.Equal("", Refusal(1500));
        Assert.StartsWith($"config.json: {pointer}: found 1501 entries", Refusal(1501), StringComparison.Ordinal);

        string Refusal(int count)
        {
            var bad = new BadConfig(pointer, $"[{string.Join(',', Enumerable.Range(0, count).Select(index => entry.Replace("INDEX", $"{index}", StringComparison.Ordinal)))}]", "");
            try
            {
                Plan(Encoding.UTF8.GetBytes(bad.Of(BadConfigs.Right)));
                return "";
            }
            catch (ConfigException refused)
            {
                return refused.Message;
            }
        }
    }

    private void TryAll()
    {
        output.WriteLine($"seed {Seed}");
        foreach (string name in (string[])["rootfs", "data"]) Directory.CreateDirectory($"{bundle.Path}/{name}");
        IReadOnlyList<string> whole = WholeConfigs.All("/littlebox-fuzz");
        foreach (string document in whole) Assert.Null(Problem(Encoding.UTF8.GetBytes(document)));
        var mutator = new ConfigMutator(Seed);
        int planned = 0;
        Dictionary<string, string> wrong = [];
        for (int i = 0; i < Documents && wrong.Count < 10; i++)
        {
            byte[] damaged = mutator.Next(whole);
            long before = GC.GetAllocatedBytesForCurrentThread();
            string? problem = Problem(damaged, ref planned);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > (64 << 20) + 400L * damaged.Length) problem ??= $"{allocated} bytes were allocated for a document of {damaged.Length}";
            // One of a kind.
            if (problem is not null) wrong.TryAdd(problem.Split('\n')[0], $"document {i} of seed {Seed}: {problem}\n{Encoding.UTF8.GetString(damaged, 0, Math.Min(damaged.Length, 6000))}");
        }
        output.WriteLine($"{planned} planned of {Documents}");
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong.Values));
        Assert.InRange(planned, Documents / 10, Documents * 9 / 10);
        Assert.Equal(["data", "rootfs"], Directory.EnumerateFileSystemEntries(bundle.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
        Assert.Empty(Directory.EnumerateDirectories("/sys/fs/cgroup", "littlebox-fuzz", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true }));
    }

    private string? Problem(byte[] document)
    {
        int planned = 0;
        return Problem(document, ref planned) ?? (planned == 1 ? null : "it was refused");
    }

    private void Plan(byte[] document)
    {
        Spec spec = SpecReader.Read(document);
        SpecChecker.Check(spec);
        OciHostChecks.Check(spec, bundle.Path);
        using Descriptor listener = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, "/dev/null", OpenFlags.ReadOnly);
        BootBuilder program = new OciLaunch(spec, bundle.Path, "fuzz", listener, new OciOptions()).Plan.Compile(keepsText: true);
        foreach ((int _, string text) in program.Describe()) _ = text.Length;
    }

    private string? Problem(byte[] document, ref int planned)
    {
        try
        {
            Plan(document);
            planned++;
            return null;
        }
        catch (ConfigException)
        {
            return null;
        }
        catch (LittleboxException refused)
        {
            // "config.json: /process: …", or the pointer alone.
            return refused.Message.StartsWith("config.json: /", StringComparison.Ordinal) || refused.Message.StartsWith('/') ? null : $"an error without a place: {refused.Message}";
        }
        catch (Exception failure)
        {
            return $"{failure.GetType().Name} {failure.TargetSite?.DeclaringType?.Name}.{failure.TargetSite?.Name}: {failure.Message}\n{failure}";
        }
    }
}
