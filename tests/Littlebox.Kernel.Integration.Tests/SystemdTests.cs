namespace Littlebox.Kernel.Integration.Tests;

/// <summary>Where systemd is the first process.</summary>
[Collection("6.1, systemd")]
public sealed class SystemdTests(SystemdMachine machine)
{
    [Fact]
    public void Littlebox_and_littlebox_oci_work()
    {
        Assert.Equal(["hello"], machine.Run("littlebox run --rm default echo hello").ExpectSuccess().Lines);
        Assert.Equal(["67108864", "0::/"], machine.RunContainer("plain", Config.Shell("cat /sys/fs/cgroup/memory.max /proc/self/cgroup").In("/plain/one").With("""{ "memory": { "limit": 67108864 } }""")).ExpectSuccess().Lines);
        Assert.Equal("", machine.Run("ls -d /sys/fs/cgroup/plain/one 2>/dev/null").Output);
    }
}
