using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Littlebox.Boot.Tests;

/// <summary>The interpreter as the JIT has compiled it: its listing has no call but that of a pointer.</summary>
public sealed partial class MachineCodeTests
{
    /// <summary>Run on its own in a second process, with a listing; here it only shows that the method can be compiled beforehand.</summary>
    [Fact]
    public void The_interpreter_is_compiled_before_it_runs() => RuntimeHelpers.PrepareMethod(typeof(Interpreter).GetMethod(nameof(Interpreter.Run))!.MethodHandle);

    [Theory]
    [InlineData("this machine's instructions")]
    [InlineData("the oldest processor's instructions", "DOTNET_EnableHWIntrinsic", "0")]
    public void The_compiled_interpreter_calls_nothing_but_its_pointer(string what, params string[] variable)
    {
        string listing = Listing("Littlebox.Boot.Interpreter:Run", nameof(The_interpreter_is_compiled_before_it_runs), variable);
        Assert.True(listing.Contains("Interpreter:Run(ptr):nint (FullOpts)", StringComparison.Ordinal), $"{what}: compiled in tiers, or not listed:\n{listing}");
        string[] calls = [.. Call().Matches(listing).Select(static match => match.Groups[1].Value.Trim())];
        Assert.True(calls.Count(static call => ThroughRegister().IsMatch(call)) > 10, $"{what}: {string.Join(", ", calls)}");
        // The one other: the end of the process where the stack has been overwritten.
        Assert.DoesNotContain(calls, static call => !ThroughRegister().IsMatch(call) && call != "CORINFO_HELP_FAIL_FAST");
        Assert.DoesNotContain("CORINFO_HELP_POLL_GC", listing, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_in_compiled_code_is_found()
    {
        string listing = Listing($"*MachineCodeTests:{nameof(Calls)}", nameof(A_method_that_calls_is_compiled));
        Assert.Contains(Call().Matches(listing), static match => !ThroughRegister().IsMatch(match.Groups[1].Value.Trim()));
    }

    [Fact]
    public void A_method_that_calls_is_compiled() => Assert.NotNull(Calls(3));

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static object Calls(int length) => new int[length];

    // What the JIT lists of a method while another process of this program runs one test.
    private static string Listing(string method, string test, params string[] variable)
    {
        string file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noLogo", "-method", $"{typeof(MachineCodeTests).FullName}.{test}"]) { RedirectStandardOutput = true };
            start.Environment["DOTNET_JitDisasm"] = method;
            start.Environment["DOTNET_JitStdOutFile"] = file;
            for (int i = 0; i < variable.Length; i += 2) start.Environment[variable[i]] = variable[i + 1];
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, output);
            return File.ReadAllText(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // x86_64: call; arm64: bl, blr.
    [GeneratedRegex(@"^\s+(?:call|bl|blr)\s+(.+)$", RegexOptions.Multiline)]
    private static partial Regex Call();

    [GeneratedRegex(@"^(r[a-z0-9]{1,2}|x\d+)$")]
    private static partial Regex ThroughRegister();
}
