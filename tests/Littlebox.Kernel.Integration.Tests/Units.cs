namespace Littlebox.Kernel.Integration.Tests;

/// <summary>What a machine's systemd says of its units.</summary>
internal static class Units
{
    /// <summary>For scripts: <c>lb</c> is littlebox-oci with <c>--systemd-cgroup</c>; <c>leftovers</c> prints what is left of units, cgroups and containers, when systemd has had its time.</summary>
    public const string Shell = """
        lb() { littlebox-oci --systemd-cgroup "$@"; }
        quiet() { "$@" </dev/null >/tmp/quiet 2>&1 || { code=$?; cat /tmp/quiet >&2; return $code; }; }
        list() { systemctl $whose list-units --all --plain --no-legend 'lb-*'; find /sys/fs/cgroup -name 'lb-*'; littlebox-oci list -q; }
        leftovers() { tries=0; while [ -n "$(list)" ] && [ $tries -lt 40 ]; do sleep 0.1; tries=$((tries + 1)); done; list; }

        """;

    /// <summary>Properties of a unit, each <c>NAME=VALUE</c>, in the order of the names that are given.</summary>
    public static string[] Show(this Machine machine, string unit, params string[] names)
    {
        string[] lines = machine.Run($"systemctl show {unit} -p {string.Join(',', names)}").ExpectSuccess().Lines;
        return [.. names.SelectMany(name => lines.Where(line => line.StartsWith(name + "=", StringComparison.Ordinal)))];
    }
}
