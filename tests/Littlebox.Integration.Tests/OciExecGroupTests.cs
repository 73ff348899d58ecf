namespace Littlebox.Integration.Tests;

/// <summary>littlebox-oci exec and control groups: a later process is in the container's, or beneath them, from its first step on.</summary>
public sealed class OciExecGroupTests : IDisposable
{
    private readonly LimitedBundle box = new();

    public void Dispose() => box.Dispose();

    [Fact]
    public void A_later_process_counts_for_the_limit_of_processes()
    {
        if (!LimitedBundle.HasLegacy("pids") && !LimitedBundle.IsUnified) Assert.Skip("no hierarchy of this machine has the controller pids");
        box.Limit("""{ "pids": { "limit": 2 } }""").Start("few");
        box.Oci("exec", "few", "true").ExpectSuccess();
        Assert.Contains("can't fork", box.Oci("exec", "few", "sh", "-c", "true | true").ExpectExit(2).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_waits_for_start_takes_a_process()
    {
        box.Create("early");
        Assert.Equal(["1"], box.Oci("exec", "early", "sh", "-c", "ls -d /proc/1 | wc -l").ExpectSuccess().Lines);
        box.Oci("start", "early").ExpectSuccess();
    }
}
