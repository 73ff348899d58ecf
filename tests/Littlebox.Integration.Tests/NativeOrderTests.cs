using static Littlebox.Integration.Tests.NativeSymbols;

namespace Littlebox.Integration.Tests;

/// <summary>The native binaries are laid out in the order in which a start calls their methods: method-order.txt beside the project of each (docs/decisions/0004-native-build.md).</summary>
public sealed class NativeOrderTests
{
    private const ulong PageSize = 4096;

    [Theory]
    [InlineData("littlebox", "Littlebox.Cli")]
    [InlineData("littlebox-oci", "Littlebox.OciCli")]
    public void The_methods_that_a_start_calls_lie_together_in_the_native_binary(string program, string project)
    {
        Dictionary<string, string[]> symbols = Of(program);
        string[] names = Listed(project);
        Assert.True(names.Length > 300, $"{names.Length} names only");
        // By address: a method that has two names counts once.
        Dictionary<ulong, ulong> methods = [];
        int found = 0;
        foreach (string name in names)
        {
            if (!symbols.TryGetValue(name, out string[]? words) || words.Length < 4) continue;
            found++;
            if (Hex(words[1]) > 0) methods[Hex(words[0])] = Hex(words[1]);
        }
        Assert.True(found >= names.Length * 8 / 10, $"{found} of the {names.Length} methods in src/{project}/method-order.txt are those of the native binary: the list is old, build/method-order makes a new one");
        // Without an order they lie in more than twice as many pages as they would fill; with one, in few more.
        var pages = new HashSet<ulong>();
        foreach ((ulong address, ulong size) in methods)
        {
            for (ulong page = address / PageSize; page <= (address + size - 1) / PageSize; page++) pages.Add(page);
        }
        ulong bytes = methods.Values.Aggregate(0UL, static (sum, size) => sum + size);
        Assert.True((ulong)pages.Count * PageSize <= bytes * 3 / 2,
            $"{methods.Count} methods of {bytes} bytes altogether are spread over {pages.Count} pages: the binary was built without their order, or before it was written down; build/native makes it anew");
    }

    // Without an order those of the C library lie behind those of the runtime, more than half a megabyte from the entry.
    [Theory]
    [InlineData("littlebox")]
    [InlineData("littlebox-oci")]
    public void The_functions_of_the_libraries_that_a_start_calls_lie_together_in_the_native_binary(string program)
    {
        Dictionary<string, string[]> symbols = Of(program);
        ulong[] addresses = [.. ((string[])["_start", "__libc_start_main", "pthread_create", "RhInitialize", "RhpNewFast"]).Select(name => Hex(symbols[name][0]))];
        Assert.InRange(addresses.Max() - addresses.Min(), 1UL, 400_000UL);
    }

    [Fact]
    public void Most_methods_that_a_start_of_littlebox_oci_calls_are_on_the_list()
    {
        using var bundle = new OciBundle();
        bundle.Write("true");
        Compare("littlebox-oci", "Littlebox.OciCli", bundle.Sandbox, "--root", bundle.Store, "run", "--bundle", bundle.Bundle, "order");
    }

    [Fact]
    public void Most_methods_that_a_start_of_littlebox_calls_are_on_the_list()
    {
        using var sandbox = new Sandbox();
        Compare("littlebox", "Littlebox.Cli", sandbox, "run", "--rm", "--net=none", sandbox.MakeRoot(), "true");
    }

    // What a start calls is found out as build/method-order does it.
    private static void Compare(string program, string project, Sandbox sandbox, params string[] arguments)
    {
        if (Linux.Machine.IsArm64) Assert.Skip("the breakpoints of Littlebox.MethodOrder are those of x86_64");
        string tool = NativeBinary.RepoRoot + "tests/Littlebox.MethodOrder/bin/Release/net10.0/Littlebox.MethodOrder";
        if (!File.Exists(tool)) Assert.Skip($"what sets the breakpoints is not there ({tool}): dotnet build -c Release makes it");
        string symbols = sandbox.Write("symbols", string.Join('\n', Of(program).Values.Select(static words => string.Join(' ', words))) + "\n");
        Program.Run(tool, [symbols, sandbox["called"], Folder(program) + program, .. arguments]).ExpectSuccess();
        string[] called = File.ReadAllLines(sandbox["called"]);
        Assert.True(called.Length > 300, $"{called.Length} methods only");
        string[] missing = [.. called.Except(Listed(project))];
        Assert.True(missing.Length <= called.Length / 5,
            $"{missing.Length} of the {called.Length} methods that a start calls are not in src/{project}/method-order.txt: the list is old, build/method-order makes a new one\n{string.Join('\n', missing)}");
    }

    private static string[] Listed(string project) => [.. File.ReadLines($"{NativeBinary.RepoRoot}src/{project}/method-order.txt").Where(static line => !line.StartsWith('#'))];
}
