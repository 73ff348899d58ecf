using System.Globalization;

namespace Littlebox.Integration.Tests;

/// <summary>Many starts: in one process beside a busy collector, and many processes at once.</summary>
public sealed class StressTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Fact]
    public void Five_thousand_starts_in_one_process_beside_a_busy_collector_hang_nowhere_and_leave_nothing_under_NativeAOT() =>
        Starts(NativeBinary.RepoRoot + "artifacts/stress/Littlebox.Stress", "build/stress makes it, or ./test");

    [Fact]
    public void Five_thousand_starts_in_one_process_beside_a_busy_collector_hang_nowhere_and_leave_nothing_under_CoreCLR() =>
        Starts(NativeBinary.RepoRoot + "tests/Littlebox.Stress/bin/Release/net10.0/Littlebox.Stress", "dotnet build -c Release makes it");

    [Fact]
    public void Two_hundred_containers_start_at_once()
    {
        const int Count = 200;
        using var sandbox = new Sandbox();
        string root = sandbox.MakeRoot();
        // The directory of all containers is there, and the places for mounts in the root.
        NativeBinary.Run("run", root, "true").ExpectExit(0);
        var leaks = new LeakCheck();
        var running = new List<RunningProgram>();
        try
        {
            for (int i = 0; i < Count; i++) running.Add(NativeBinary.Start("run", "--rm", "--name", $"at-once-{i}", root, "sh", "-c", "echo $(hostname) $$; exit $((${HOSTNAME##*-} % 100))"));
            for (int i = 0; i < Count; i++)
            {
                RunResult result = running[i].WaitForEnd(Limit);
                Assert.Equal($"at-once-{i} 1\n", result.Output);
                Assert.Equal("", result.Errors);
                result.ExpectExit(i % 100);
            }
            leaks.Compare();
        }
        finally
        {
            foreach (RunningProgram program in running) program.Dispose();
        }
    }

    private static void Starts(string program, string remedy)
    {
        if (!File.Exists(program)) Assert.Skip($"the stress program is not there ({program}): {remedy}");
        using var sandbox = new Sandbox();
        using var leaks = new LeakCheck("/run/littlebox", "/var/lib/littlebox", Directory.CreateDirectory(sandbox["state/containers"], (UnixFileMode)0b111_000_000).FullName);
        RunResult result = Program.Run(program, ["5000", sandbox.MakeRoot(), sandbox["state"]], limit: Limit).ExpectSuccess();
        string[] words = result.Output.Split(' ');
        Assert.Equal(["5000", "starts,", "0", "failed,"], words[..4]);
        Assert.True(int.Parse(words[4], CultureInfo.InvariantCulture) >= 500, result.Output);
        TestContext.Current.SendDiagnosticMessage(result.Output);
        TestContext.Current.TestOutputHelper?.WriteLine(result.Output);
    }
}
