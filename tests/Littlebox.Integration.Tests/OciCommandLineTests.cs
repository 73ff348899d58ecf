using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Littlebox.Integration.Tests;

/// <summary>The command line of littlebox-oci where it says something rather than does something; beside runc's, which is the measure.</summary>
public sealed partial class OciCommandLineTests : IDisposable
{
    private const string Runc = "/usr/sbin/runc";

    private readonly Sandbox sandbox = new();

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void The_version_is_printed_in_the_lines_that_engines_read()
    {
        string[] lines = Oci("--version").ExpectSuccess().Lines;
        Assert.Matches("^littlebox-oci version [0-9]+\\.[0-9]+\\.[0-9]+", lines[0]);
        Assert.StartsWith("commit: ", lines[1], StringComparison.Ordinal);
        Assert.Equal("spec: 1.3.0", lines[2]);
        Assert.Equal(lines, Oci("-v").ExpectSuccess().Lines);
    }

    [Theory]
    [InlineData("state", "nobody")]
    [InlineData("start", "nobody")]
    [InlineData("kill", "nobody", "TERM")]
    [InlineData("delete", "nobody")]
    [InlineData("state", "no/body")]
    [InlineData("state")]
    [InlineData("state", "one", "two")]
    [InlineData("kill")]
    [InlineData("kill", "one", "TERM", "three")]
    [InlineData("create")]
    [InlineData("spec", "word")]
    [InlineData("list", "--unknown")]
    [InlineData("--unknown")]
    [InlineData("--log-format", "xml", "list")]
    [InlineData("nonsense")]
    [InlineData("create", "--bundle", "/nowhere", "one")]
    public void A_command_that_fails_has_runc_s_exit_code_and_one_line_of_logrus(params string[] words)
    {
        RunResult ours = Oci(words), theirs = RunRunc(words);
        Assert.Equal(theirs.ExitCode, ours.ExitCode);
        Assert.Matches("^time=\"[0-9T:Z-]+\" level=error msg=\"?[^\n]+\"?\n$", ours.Errors);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0, "delete", "--force", "nobody")]
    [InlineData(0, "delete", "nobody", "--force")]
    [InlineData(0, "--help")]
    [InlineData(0, "create", "--help")]
    [InlineData(0, "help", "kill")]
    [InlineData(3, "help", "nonsense")]
    public void Flags_stand_before_or_behind_the_words_and_help_is_no_error(int code, params string[] words)
    {
        Oci(words).ExpectExit(code);
        RunRunc(words).ExpectExit(code);
    }

    [Fact]
    public void Every_verb_of_runc_is_there_with_every_flag_of_its_own()
    {
        foreach (Match verb in Verb().Matches(RunRunc("--help").ExpectExit(0).Output))
        {
            string name = verb.Groups[1].Value;
            string ours = Oci(name, "--help").ExpectExit(0).Output;
            // Of these two it is said that they are not there yet.
            if (name is "checkpoint" or "restore") continue;
            foreach (Match flag in LongFlag().Matches(RunRunc(name, "--help").ExpectExit(0).Output))
            {
                // The kernel has no kernel memory limits any more, and runc from 1.2 on has no flags for them.
                if (!flag.Value.StartsWith("--kernel-memory", StringComparison.Ordinal) && flag.Value is not "--help") Assert.Contains(flag.Value, ours, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void An_error_goes_to_the_log_as_json_and_to_standard_error_as_a_sentence()
    {
        RunResult result = Oci("--log", sandbox["log"], "--log-format", "json", "state", "nobody").ExpectExit(1);
        string line = File.ReadAllText(sandbox["log"]);
        JsonElement entry = JsonDocument.Parse(line).RootElement;
        Assert.Equal("error", entry.GetProperty("level").GetString());
        Assert.Equal(result.Errors, entry.GetProperty("msg").GetString() + "\n");
        Assert.Contains("does not exist", result.Errors, StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParseExact(entry.GetProperty("time").GetString(), "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), line);
        // What is there stays: a log is written on.
        Oci("--log", sandbox["log"], "state", "no\"body").ExpectExit(1);
        string[] lines = File.ReadAllLines(sandbox["log"]);
        Assert.Equal(2, lines.Length);
        Assert.Matches("^time=\"[^\"]+\" level=error msg=\".*no.*body.*\"$", lines[1]);
    }

    [Fact]
    public void Debug_lines_are_written_where_they_are_asked_for()
    {
        Oci("--debug", "--log", sandbox["log"], "--log-format", "json", "list").ExpectExit(0);
        Assert.Equal("debug", JsonDocument.Parse(File.ReadAllLines(sandbox["log"])[0]).RootElement.GetProperty("level").GetString());
    }

    [Fact]
    public void Where_there_is_no_systemd_it_is_said_what_to_do()
    {
        Assert.SkipWhen(File.Exists("/run/systemd/private"), "this machine has systemd");
        Directory.CreateDirectory(sandbox["bundle/rootfs"]);
        Oci("spec", "--bundle", sandbox["bundle"]).ExpectSuccess();
        File.WriteAllText(sandbox["bundle/config.json"], File.ReadAllText(sandbox["bundle/config.json"]).Replace("\"terminal\": true", "\"terminal\": false", StringComparison.Ordinal));
        foreach (string[] whose in (string[][])[[], ["--rootless=true"]])
        {
            string errors = Oci(["--systemd-cgroup", .. whose, "create", "--bundle", sandbox["bundle"], "one"]).ExpectExit(1).Errors;
            Assert.Contains("--systemd-cgroup: ", errors, StringComparison.Ordinal);
            Assert.Contains("have the engine make them itself (podman: cgroup_manager = ", errors, StringComparison.Ordinal);
            Assert.Equal("", Oci("list", "-q").ExpectExit(0).Output);
        }
    }

    [Theory]
    [InlineData]
    [InlineData("--rootless")]
    public void The_config_json_of_spec_is_runc_s_but_for_the_version_and_the_name(params string[] flags)
    {
        Directory.CreateDirectory(sandbox["ours"]);
        Directory.CreateDirectory(sandbox["theirs"]);
        Oci(["spec", "--bundle", sandbox["ours"], .. flags]).ExpectSuccess();
        RunRunc(["spec", "--bundle", sandbox["theirs"], .. flags]).ExpectSuccess();
        JsonNode ours = Read("ours"), theirs = Read("theirs");
        Assert.Equal("1.3.0", ours["ociVersion"]!.GetValue<string>());
        theirs["ociVersion"] = "1.3.0";
        theirs["hostname"] = "littlebox";
        // runc up to 1.1 gave an ambient set too, which without an inheritable one does nothing.
        theirs["process"]!["capabilities"]!.AsObject().Remove("ambient");
        theirs["process"]!["capabilities"]!.AsObject().Remove("inheritable");
        Assert.Equal(theirs.ToJsonString(), ours.ToJsonString());
        // One that is there is not written over.
        string before = File.ReadAllText(sandbox["ours/config.json"]);
        Assert.Contains("exists", Oci(["spec", "--bundle", sandbox["ours"], .. flags]).ExpectExit(1).Errors, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(sandbox["ours/config.json"]));

        JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(sandbox[name + "/config.json"]))!;
    }

    [Fact]
    public void Features_are_those_of_runc_or_more_and_no_checkpoints_which_say_so()
    {
        JsonElement ours = JsonDocument.Parse(Oci("features").ExpectSuccess().Output).RootElement;
        Assert.Equal(("1.0.0", "1.3.0"), (ours.GetProperty("ociVersionMin").GetString(), ours.GetProperty("ociVersionMax").GetString()));
        Assert.Equal("false", ours.GetProperty("annotations").GetProperty("littlebox.checkpoint.enabled").GetString());
        foreach (string verb in new[] { "checkpoint", "restore" })
            Assert.Contains("not supported yet", Oci(verb, "--image-path", sandbox["image"], "one").ExpectExit(1).Errors, StringComparison.Ordinal);
        JsonElement theirs = JsonDocument.Parse(RunRunc("features").ExpectSuccess().Output).RootElement;
        Compare("", theirs, ours);
    }

    // What theirs has, ours has: every word of a list, every true.
    private static void Compare(string path, JsonElement theirs, JsonElement ours)
    {
        // What create refuses is not claimed. Architectures that neither x86_64 nor arm64 can be called by make no difference to a filter.
        if (path is "/annotations" or "/hooks" or "/linux/seccomp/archs" or "/ociVersionMax" or "/ociVersionMin") return;
        switch (theirs.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in theirs.EnumerateObject())
                {
                    if (property.Name is "annotations") continue;
                    Assert.True(ours.TryGetProperty(property.Name, out JsonElement value), $"{path}/{property.Name} is missing");
                    Compare($"{path}/{property.Name}", property.Value, value);
                }
                break;
            case JsonValueKind.Array:
                // acl and noacl are words for the file system, as runc from 1.2 on has them too.
                Assert.Empty(theirs.EnumerateArray().Select(static item => item.GetString()).Except(["acl", "noacl"]).Except(ours.EnumerateArray().Select(static item => item.GetString())));
                break;
            default:
                Assert.True(theirs.ValueKind != JsonValueKind.True || ours.ValueKind == JsonValueKind.True, $"{path}: {theirs} and {ours}");
                break;
        }
    }

    private RunResult Oci(params string[] arguments) => Program.Run(NativeBinary.OciLocation, Global(arguments));

    private RunResult RunRunc(params string[] arguments)
    {
        if (!File.Exists(Runc)) Assert.Skip("runc is not installed: apt-get install runc");
        return Program.Run(Runc, Global(arguments));
    }

    private string[] Global(string[] arguments) => ["--root", sandbox["state"], .. arguments];

    [GeneratedRegex("^   ([a-z]+)  +[a-z]", RegexOptions.Multiline)]
    private static partial Regex Verb();

    [GeneratedRegex("(?<=^   )--[a-z0-9-]+", RegexOptions.Multiline)]
    private static partial Regex LongFlag();
}
