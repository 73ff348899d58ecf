using System.Text;

namespace Littlebox.Oci.Tests;

/// <summary>config.json is read into the model, and what is of the wrong shape is refused with its place.</summary>
public sealed class SpecReaderTests
{
    [Fact]
    public void Every_field_arrives_in_the_model()
    {
        Spec spec = Read(Samples.Full);

        Assert.Equal("1.3.0", spec.OciVersion);
        Assert.Equal(ulong.MaxValue, spec.Process!.Rlimits[0].Hard);
        Assert.Equal(RlimitType.OpenFiles, spec.Process.Rlimits[0].Type);
        Assert.Equal(SchedulerFlags.ResetOnFork, spec.Process.Scheduler!.Flags);
        Assert.Equal(IOPriorityClass.BestEffort, spec.Process.IOPriority!.Class);
        Assert.Null(spec.Process.ApparmorProfile);
        Assert.Equal([5u, 6u], spec.Process.User.AdditionalGids);
        Assert.Equal(9u, spec.Mounts[0].UidMappings[0].HostId);
        Assert.Equal(3, spec.Hooks.Prestart[0].Timeout);
        Assert.Equal("/run/netns/a", spec.Linux.Namespace(LinuxNamespaceType.Network)!.Path);
        Assert.Null(spec.Linux.Namespace(LinuxNamespaceType.Time)!.Path);
        Assert.Equal([LinuxDeviceType.Character, LinuxDeviceType.Fifo], spec.Linux.Devices.Select(device => device.Type));
        Assert.Equal([new("eth0", "inner"), new("eth1", null)], spec.Linux.NetDevices);
        Assert.Equal(RootfsPropagation.RecursiveSlave, spec.Linux.RootfsPropagation);
        Assert.Equal(LinuxPersonalityDomain.Linux32, spec.Linux.Personality!.Domain);
        Assert.Equal(MemoryPolicyMode.Bind, spec.Linux.MemoryPolicy!.Mode);
        Assert.Equal(MemoryPolicyFlags.StaticNodes, spec.Linux.MemoryPolicy.Flags);
        Assert.Null(spec.Linux.Resources!.Devices[1].Major);
        Assert.Equal(0, spec.Linux.Resources.Pids!.Limit);
        Assert.Equal((ushort)500, spec.Linux.Resources.BlockIo!.WeightDevice[0].Weight);
        Assert.Equal(ulong.MaxValue, spec.Linux.Seccomp!.Syscalls[0].Args[0].Value);
        Assert.Empty(spec.Linux.Seccomp.Flags!);
    }

    [Theory]
    [InlineData("\"1.3.0\"", "3", "/ociVersion", "found 3; allowed: a string")]
    [InlineData("\"ociVersion\":\"1.3.0\",", "", "/ociVersion", "found nothing")]
    [InlineData("\"path\":\"rootfs\",", "", "/root/path", "found nothing")]
    [InlineData("\"readonly\":true", "\"readonly\":\"yes\"", "/root/readonly", "found \"yes\"; allowed: true or false")]
    [InlineData("\"readonly\":true", "\"Readonly\":true", "/root/Readonly", "allowed: \"readonly\"")]
    [InlineData("\"readonly\":true", "\"path\":\"/\"", "/root/path", "a second time")]
    [InlineData("\"a/b\":\"c\"", "\"a/b\":1", "/annotations/a~1b", "found 1")]
    [InlineData("\"a/b\":\"c\"", "\"a~b\":1", "/annotations/a~0b", "found 1")]
    [InlineData("\"a/b\":\"c\"", "\"x\":\"1\",\"x\":\"2\"", "/annotations/x", "a second time")]
    [InlineData("\"web\"", "\"w\\u0000b\"", "/hostname", "a string without NUL")]
    [InlineData("\"web\"", "\"\\ud800\"", "/hostname", "no character")]
    [InlineData("\"uid\":1", "\"uid\":-1", "/process/user/uid", "found -1")]
    [InlineData("\"uid\":1", "\"uid\":4294967296", "/process/user/uid", "found 4294967296")]
    [InlineData("\"uid\":1", "\"uid\":1.5", "/process/user/uid", "found 1.5")]
    [InlineData("\"uid\":1", "\"uid\":null", "/process/user/uid", "found null")]
    [InlineData("[5,6]", "[5,\"6\"]", "/process/user/additionalGids/1", "found \"6\"")]
    [InlineData("[\"sh\",\"-c\"]", "\"sh -c\"", "/process/args", "allowed: a list")]
    [InlineData("\"cwd\":\"/\",", "", "/process/cwd", "found nothing")]
    [InlineData("RLIMIT_NOFILE", "RLIMIT_FILES", "/process/rlimits/0/type", "one of RLIMIT_CPU")]
    [InlineData("\"soft\":1024,", "", "/process/rlimits/0/soft", "found nothing")]
    [InlineData("SCHED_FIFO", "FIFO", "/process/scheduler/policy", "SCHED_DEADLINE")]
    [InlineData("SCHED_FLAG_RESET_ON_FORK", "RESET", "/process/scheduler/flags/0", "found \"RESET\"")]
    [InlineData("IOPRIO_CLASS_BE", "", "/process/ioPriority/class", "found \"\"; allowed: one of IOPRIO_CLASS_RT")]
    [InlineData("\"destination\":\"/data\",", "", "/mounts/0/destination", "found nothing")]
    [InlineData("\"hostID\":9,", "", "/mounts/0/uidMappings/0/hostID", "found nothing")]
    [InlineData("\"timeout\":3", "\"timeout\":3000000000", "/hooks/prestart/0/timeout", "found 3000000000")]
    [InlineData("\"type\":\"pid\"", "\"type\":\"pids\"", "/linux/namespaces/0/type", "one of pid, network")]
    [InlineData("\"type\":\"u\"", "\"type\":\"a\"", "/linux/devices/0/type", "one of c, b, p, u")]
    [InlineData("\"minor\":229,", "", "/linux/devices/0/minor", "found nothing")]
    [InlineData("\"rslave\"", "\"slaves\"", "/linux/rootfsPropagation", "one of shared")]
    [InlineData("\"flags\":[]},\n", "\"flags\":[\"X\"]},\n", "/linux/personality/flags/0", "an empty list")]
    [InlineData("\"limit\":-1", "\"limit\":9223372036854775808", "/linux/resources/memory/limit", "found 9223372036854775808")]
    [InlineData("\"limit\":-1", "\"limit\":\"1g\"", "/linux/resources/memory/limit", "found \"1g\"; allowed: a whole number")]
    [InlineData("\"weight\":10", "\"weight\":65536", "/linux/resources/blockIO/weight", "0 to 65535")]
    [InlineData("\"allow\":false,", "", "/linux/resources/devices/0/allow", "found nothing")]
    [InlineData("\"memory.high\":\"1\"", "\"memory.high\":1", "/linux/resources/unified/memory.high", "found 1")]
    [InlineData("SCMP_ACT_ALLOW", "SCMP_ACT_DENY", "/linux/seccomp/syscalls/0/action", "SCMP_ACT_NOTIFY")]
    [InlineData("SCMP_CMP_MASKED_EQ", "EQ", "/linux/seccomp/syscalls/0/args/0/op", "SCMP_CMP_NE")]
    [InlineData("SCMP_ARCH_X86_64", "x86_64", "/linux/seccomp/architectures/0", "SCMP_ARCH_X86_64")]
    [InlineData("\"names\":[\"read\"],", "", "/linux/seccomp/syscalls/0/names", "found nothing")]
    public void A_wrong_shape_is_refused_with_its_place(string right, string wrong, string pointer, string words)
    {
        Assert.Contains(right, Samples.Full);

        ConfigException error = Assert.Throws<ConfigException>(() => Read(Replaced(right, wrong)));

        Assert.Equal(pointer, error.Pointer);
        Assert.StartsWith($"config.json: {pointer}: found ", error.Message);
        Assert.Contains(words, error.Message);
    }

    [Theory]
    [InlineData("", "what is not JSON")]
    [InlineData("{\"ociVersion\":", "what is not JSON")]
    [InlineData("[]", "found a list; allowed: an object")]
    [InlineData("null", "found null; allowed: an object")]
    [InlineData("{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"}} {}", "behind the end of the document")]
    public void What_is_no_document_is_refused(string text, string words) => Assert.Contains(words, Assert.Throws<ConfigException>(() => Read(text)).Message);

    [Fact]
    public void Too_deep_too_large_and_no_text_are_refused()
    {
        Assert.Contains("within one another", Assert.Throws<ConfigException>(() => Read("{\"x\":" + new string('[', 40) + new string(']', 40) + "}")).Message);
        Assert.Contains("bytes", Assert.Throws<ConfigException>(() => SpecReader.Read(new byte[(16 << 20) + 1])).Message);
        Assert.Contains("UTF-8", Assert.Throws<ConfigException>(() => SpecReader.Read([(byte)'"', 0xff, (byte)'"'])).Message);
    }

    private static Spec Read(string text) => SpecReader.Read(Encoding.UTF8.GetBytes(text));

    private static string Replaced(string right, string wrong)
    {
        int at = Samples.Full.IndexOf(right, StringComparison.Ordinal);
        return Samples.Full[..at] + wrong + Samples.Full[(at + right.Length)..];
    }
}
