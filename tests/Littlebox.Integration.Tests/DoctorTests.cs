using System.Text.Json;

namespace Littlebox.Integration.Tests;

/// <summary><c>doctor</c> against other programs' answers, on a machine where everything works and where something has been switched off.</summary>
public sealed class DoctorTests
{
    private static readonly (string Name, string Option)[] Kinds =
        [("user", "--user"), ("mount", "--mount"), ("uts", "--uts"), ("ipc", "--ipc"), ("net", "--net"), ("pid", "--pid --fork"), ("cgroup", "--cgroup"), ("time", "--time")];

    [Fact]
    public void Doctor_agrees_with_unshare_about_each_namespace_of_root()
    {
        using var leaks = new LeakCheck();
        JsonElement report = Report(NativeBinary.Run("doctor", "--json").ExpectSuccess());
        foreach ((string name, string option) in Kinds)
            Assert.Equal(Program.Run("unshare", [.. option.Split(' '), "true"]).ExitCode == 0, Works(report, "namespaces", name));
        Assert.True(report.GetProperty("works").GetBoolean());
        leaks.Compare();
    }

    [Fact]
    public void Doctor_agrees_with_unshare_about_each_namespace_of_an_ordinary_user()
    {
        using var user = new OrdinaryUser(subordinateIds: true);
        using var leaks = new LeakCheck(user.Home);
        JsonElement report = Report(user.Run("doctor", "--json").ExpectSuccess());
        foreach ((string name, string option) in Kinds)
            Assert.Equal(user.RunProgram("unshare", ["--user", "--map-root-user", .. option.Split(' '), "true"]).ExitCode == 0, Works(report, "namespaces", name));
        Assert.Equal(OrdinaryUser.Id, report.GetProperty("uid").GetInt32());
        Assert.Contains($"65536 ids from {OrdinaryUser.FirstSubordinate}", Find(report, "user ids", "subuid").GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.True(Works(report, "user ids", "mapping"));
        leaks.Compare();
    }

    [Fact]
    public void Doctor_agrees_with_the_kernel_s_list_of_file_systems()
    {
        string[] known = [.. File.ReadAllLines("/proc/filesystems").Select(line => line.Split('\t')[1])];
        JsonElement report = Report(NativeBinary.Run("doctor", "--json").ExpectSuccess());
        foreach (string type in new[] { "tmpfs", "proc", "sysfs", "devpts", "mqueue" }) Assert.Equal(known.Contains(type), Works(report, "file systems", type));
        Assert.Equal(known.Contains("overlay"), Works(report, "overlay", "as root"));
        string actions = File.ReadAllText("/proc/sys/kernel/seccomp/actions_avail").Trim();
        Assert.Equal(actions, Find(report, "seccomp", "actions").GetProperty("detail").GetString());
    }

    [Fact]
    public void Doctor_s_words_are_those_of_its_json()
    {
        RunResult text = NativeBinary.Run("doctor").ExpectSuccess();
        Assert.EndsWith("Containers can run here.\n", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', text.Output);
        foreach (JsonElement finding in Report(NativeBinary.Run("doctor", "--json")).GetProperty("findings").EnumerateArray())
            Assert.Contains(finding.GetProperty("name").GetString()!, text.Output, StringComparison.Ordinal);
        Assert.Equal("true\n", Program.Bash($"{NativeBinary.Location} doctor --json | jq .works").ExpectSuccess().Output);
    }

    [Theory]
    [InlineData("user", "user.max_user_namespaces")]
    [InlineData("uts", "user.max_uts_namespaces")]
    [InlineData("net", "user.max_net_namespaces")]
    public void Doctor_names_the_limit_that_is_zero_and_the_line_that_mends_it(string name, string limit)
    {
        using var user = new OrdinaryUser();
        using var leaks = new LeakCheck(user.Home);
        // The limit belongs to the user namespace that unshare makes, and goes with it.
        RunResult result = user.RunProgram("unshare", ["--user", "--map-current-user", "--keep-caps", "sh", "-c", $"echo 0 >/proc/sys/{limit.Replace('.', '/')} && exec {NativeBinary.Location} doctor --json"]).ExpectExit(1);
        JsonElement report = Report(result);
        Assert.False(report.GetProperty("works").GetBoolean());
        Assert.False(Works(report, "namespaces", name));
        Assert.False(Works(report, "limits", limit));
        foreach (string group in new[] { "namespaces", "limits" })
            Assert.Equal($"sysctl -w {limit}=65536", Find(report, group, group == "limits" ? limit : name).GetProperty("remedy").GetString());
        Assert.Equal("needed", Find(report, "namespaces", name).GetProperty("weight").GetString());
        leaks.Compare();
    }

    [Fact]
    public void Doctor_without_rights_says_that_containers_cannot_run_and_what_is_missing()
    {
        // Root without any capability, as in a container that was made so: no namespace but a user namespace can be made.
        RunResult result = Program.Run("setpriv", ["--bounding-set=-all", "--inh-caps=-all", NativeBinary.Location, "doctor"]).ExpectExit(1);
        Assert.Contains("Containers cannot run here: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("NO  mount", result.Output, StringComparison.Ordinal);
        Assert.Contains("EPERM", result.Output, StringComparison.Ordinal);
        // One cause, one line: what could not even be tried is not said to be missing.
        Assert.EndsWith("Containers cannot run here: mount namespaces, uts namespaces, ipc namespaces, net namespaces, pid namespaces, cgroup namespaces are missing.\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("not tried", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("few rights")]
    [InlineData("all rights", "--privileged")]
    public void Inside_a_container_doctor_s_verdict_is_what_a_container_in_it_finds(string what, params string[] options)
    {
        string[] inside = ["run", .. options, "--tmpfs", "/run", "host", NativeBinary.Location];
        bool runs = NativeBinary.Run([.. inside, "run", "default", "true"]).ExitCode == 0;
        RunResult doctor = NativeBinary.Run([.. inside, "doctor", "--json"]);
        Assert.Equal(options.Length > 0, runs);
        Assert.True(doctor.ExitCode == (runs ? 0 : 1) && Report(doctor).GetProperty("works").GetBoolean() == runs, $"{what}: {doctor}");
    }

    [Fact]
    public void Doctor_says_where_a_directory_cannot_be_written()
    {
        using var user = new OrdinaryUser();
        RunResult result = user.RunProgram("env", ["XDG_RUNTIME_DIR=/etc", NativeBinary.Location, "doctor", "--json"]).ExpectExit(1);
        JsonElement state = Find(Report(result), "directories", "state");
        Assert.False(state.GetProperty("works").GetBoolean());
        Assert.Contains("/etc", state.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("XDG_RUNTIME_DIR", state.GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    private static JsonElement Report(RunResult result) => JsonDocument.Parse(result.Output).RootElement;

    private static JsonElement Find(JsonElement report, string group, string name) =>
        report.GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("group").GetString() == group && finding.GetProperty("name").GetString() == name);

    private static bool Works(JsonElement report, string group, string name) => Find(report, group, name).GetProperty("works").GetBoolean();
}
