using System.Text.Json;
using CsCheck;
using Littlebox.Oci;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Tests.Seccomp;

/// <summary>Profiles to compile: podman's default one, and made-up ones.</summary>
internal static class Profiles
{
    private const string Podman = "/usr/share/containers/seccomp.json";

    private static readonly string[] Capabilities =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT",
    ];

    /// <summary>podman's default profile as it resolves it for a container with its default capabilities, or with all of them.</summary>
    public static SeccompProfile OfPodman(SystemCallAbi native, bool allCapabilities = false)
    {
        if (!File.Exists(Podman)) Assert.Skip($"{Podman} is not there: apt-get install golang-github-containers-common");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Podman));
        JsonElement root = document.RootElement;
        bool arm = native == SystemCallAbi.Arm64;
        HashSet<string> arches = arm ? ["arm64", "arm"] : ["amd64", "x86", "x32"];
        var entries = new List<SeccompEntry>();
        foreach (JsonElement entry in root.GetProperty("syscalls").EnumerateArray())
        {
            if (Words(entry, "includes", "arches") is { Count: > 0 } only && !only.Exists(arches.Contains)) continue;
            if (Words(entry, "includes", "caps").Exists(cap => !allCapabilities && !Capabilities.Contains(cap))) continue;
            if (Words(entry, "excludes", "caps").Exists(cap => allCapabilities || Capabilities.Contains(cap))) continue;
            SeccompCondition[] conditions = entry.TryGetProperty("args", out JsonElement args) && args.ValueKind == JsonValueKind.Array
                ? [.. args.EnumerateArray().Select(Condition).OrderBy(condition => condition.Index)]
                : [];
            entries.Add(new SeccompEntry([.. entry.GetProperty("names").EnumerateArray().Select(name => name.GetString()!)], Verdict(entry, "action", "errnoRet"), [conditions]));
        }
        return new SeccompProfile(Verdict(root, "defaultAction", "defaultErrnoRet"), arm ? [SystemCallAbi.Arm] : [SystemCallAbi.X86, SystemCallAbi.X32], entries, 0, false);
    }

    /// <summary>Any profile: few names, so that rules of one system call meet, or many.</summary>
    /// <param name="native">The kernel's own ABI: libseccomp also writes a part for the others, which no kernel shows, Littlebox does not.</param>
    /// <param name="mixed">Rules of one system call may have different verdicts.</param>
    public static Gen<SeccompProfile> Random(SystemCallAbi native, bool mixed) =>
        from fallback in Verdicts
        from abis in Gen.Enum<SystemCallAbi>().Array[0, 3]
        from entries in Entry(mixed).List[0, 12]
        select new SeccompProfile(fallback, [.. abis.Where(abi => FilterArchitecture.CanBeCalled(abi, native))], mixed ? entries : Tame(entries), 0, false);

    private static Gen<uint> Verdicts => One(SeccompVerdict.KillThread, SeccompVerdict.KillProcess, SeccompVerdict.Trap, SeccompVerdict.Errno | 1, SeccompVerdict.Errno | 38,
        SeccompVerdict.Errno | 4094, SeccompVerdict.Trace | 5, SeccompVerdict.Log, SeccompVerdict.Allow);

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static Gen<string> Names => Gen.OneOf(
        One("socket", "accept", "send", "semop", "shmget", "socketcall", "ipc", "personality", "clone", "read", "write", "exit_group", "set_tls", "execve", "no_such_call"),
        Gen.Int[0, SystemCallTable.Count - 1].Select(SystemCallTable.Name).Where(Libseccomp.Knows));

    private static Gen<ulong> Values => Gen.OneOf(Gen.ULong[0, 4], Gen.ULong, Gen.UInt.Select(value => (ulong)value),
        One<ulong>(0x7fffffffUL, 0x80000000, 0xffffffff, 0x100000000, 0x100000001, 0x7e020000, 0xffffffff00000000, ulong.MaxValue));

    private static Gen<SeccompCondition> Conditions =>
        from index in Gen.Int[0, 5]
        from operation in Gen.Enum<LinuxSeccompOperator>()
        from value in Values
        from second in Values
        select SeccompCondition.Of(index, operation, value, second);

    private static Gen<SeccompEntry> Entry(bool mixed) =>
        from names in Gen.OneOf(Names.List[1, 3], Names.List[1, 60])
        from verdict in Verdicts
        from conditions in Gen.OneOf(Gen.Const(Array.Empty<SeccompCondition>()), Conditions.Array[1, mixed ? 1 : 3])
        select new SeccompEntry(names, verdict, [[.. conditions.DistinctBy(condition => condition.Index).OrderBy(condition => condition.Index)]]);

    // One verdict for every system call, wherever it is named: the order of the rules means nothing then.
    private static List<SeccompEntry> Tame(List<SeccompEntry> entries)
    {
        uint verdict = entries.Count > 0 ? entries[0].Verdict : 0;
        return [.. entries.Select(entry => entry with { Verdict = verdict })];
    }

    private static List<string> Words(JsonElement entry, string group, string name) =>
        entry.TryGetProperty(group, out JsonElement all) && all.ValueKind == JsonValueKind.Object && all.TryGetProperty(name, out JsonElement words) && words.ValueKind == JsonValueKind.Array
            ? [.. words.EnumerateArray().Select(word => word.GetString()!)]
            : [];

    private static uint Verdict(JsonElement element, string action, string number) =>
        SeccompVerdict.Of(element.GetProperty(action).GetString() == "SCMP_ACT_ALLOW" ? LinuxSeccompAction.Allow : LinuxSeccompAction.Errno, element.TryGetProperty(number, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetUInt32() : null);

    private static SeccompCondition Condition(JsonElement condition) => SeccompCondition.Of(condition.GetProperty("index").GetInt32(),
        condition.GetProperty("op").GetString() switch
        {
            "SCMP_CMP_EQ" => LinuxSeccompOperator.EqualTo,
            "SCMP_CMP_NE" => LinuxSeccompOperator.NotEqual,
            _ => LinuxSeccompOperator.MaskedEqual,
        },
        condition.GetProperty("value").GetUInt64(), condition.GetProperty("valueTwo").GetUInt64());
}
