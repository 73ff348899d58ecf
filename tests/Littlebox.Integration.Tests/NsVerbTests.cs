namespace Littlebox.Integration.Tests;

/// <summary>The <c>ns</c> verbs of the native binary, each in a mount namespace of its own with an empty /run, so that no pin reaches the machine.</summary>
public sealed class NsVerbTests
{
    [Fact]
    public void A_namespace_is_made_entered_looked_at_and_let_go()
    {
        RunResult result = Private("""
            L ns new --net --uts lab
            ip netns list
            L ns enter lab --net -- ip -o link show lo | grep -o 'LOOPBACK,UP'
            L ns who lab --type net | sed -E 's/[0-9]{6,}/N/'
            L ns ls --quiet --type net lab | sed -E 's/[0-9]{6,}/N/'
            L ns gc --dead --dry-run | cut -d: -f1
            L ns unpin lab --uts | cut -d, -f1
            L ns unpin lab | cut -d, -f1
            L ns gc
            ls -A /run/littlebox/ns /run/netns
            """);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            [
                "lab", "LOOPBACK,UP",
                "net:[N] has no process in it and is alive only because of the bind mount at /run/netns/lab; it ends when that does.",
                "  mount       the bind mount at /run/netns/lab  (to let go: littlebox ns unpin lab --net)",
                "N",
                "would remove /run/littlebox/ns/lab/uts", "would remove /run/netns/lab", "would remove /run/littlebox/ns/lab",
                "/run/littlebox/ns/lab/uts removed", "/run/netns/lab removed", "nothing to remove", "/run/littlebox/ns:", "", "/run/netns:",
            ],
            result.Lines.Where(line => !line.Contains("is kept at")));
    }

    [Fact]
    public void The_walkthrough_s_permanent_namespace_is_one_command()
    {
        RunResult result = Private("""
            unshare --uts --net sh -c 'hostname inside; exec sleep 60' & pid=$!
            until [ "$(cat /proc/$pid/comm)" = sleep ]; do sleep 0.05; done
            L ns diff $pid | grep different | cut -d' ' -f1
            L ns pin $pid web >&2
            kill $pid; wait $pid || true
            L ns enter web -- hostname
            nsenter --uts=/run/littlebox/ns/web/uts hostname
            """);
        Assert.Equal(["net", "uts", "inside", "inside"], result.Lines);
    }

    [Fact]
    public void Diff_answers_by_its_exit_code_as_diff_does()
    {
        Assert.Equal(0, Private("L ns diff self").ExitCode);
        Assert.Equal(1, Private("L ns new --uts x >&2; L ns diff x").ExitCode);
        Assert.Equal(2, Private("L ns diff nothing-of-that-name").ExitCode);
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -15 $$", 143)]
    public void The_exit_code_of_an_entered_command_is_littlebox_s(string script, int code) =>
        Assert.Equal(code, Private($"L ns new --uts x >&2; L ns enter x -- sh -c '{script}'").ExitCode);

    [Fact]
    public void A_signal_is_passed_on_to_the_entered_command()
    {
        RunResult result = Private("""
            L ns new --uts x >&2
            $LITTLEBOX ns enter x -- sh -c 'trap "echo caught; exit 9" TERM; echo ready; while :; do sleep 0.1; done' > /run/out & pid=$!
            until grep -q ready /run/out; do sleep 0.05; done
            kill $pid
            wait $pid || code=$?
            cat /run/out; exit $code
            """);
        Assert.Equal((9, "ready\ncaught\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public void The_list_is_json_with_every_holder()
    {
        RunResult result = Private("L ns new --net x >&2; L ns ls --json --type net x");
        using var json = System.Text.Json.JsonDocument.Parse(result.Output);
        System.Text.Json.JsonElement space = Assert.Single(json.RootElement.EnumerateArray().ToList());
        Assert.Equal(0, space.GetProperty("nprocs").GetInt32());
        Assert.Equal(["mount"], space.GetProperty("holders").EnumerateArray().Select(holder => holder.GetProperty("kind").GetString()).Distinct());
        Assert.True(space.GetProperty("owner").GetInt64() > 0);
    }

    [Fact]
    public void An_ordinary_user_lists_what_he_may_see_and_is_told_what_he_may_not()
    {
        using var sandbox = new Sandbox();
        RunResult result = NativeBinary.RunAs(65534, sandbox.Path, ["ns", "ls"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("may not be looked into by this user", result.Errors);
        Assert.Contains("CAP_SYS_ADMIN", NativeBinary.RunAs(65534, sandbox.Path, ["ns", "new", "--user", "--uts", "x"]).Errors);
    }

    private static RunResult Private(string script) => Program.Run(
        "unshare",
        ["--mount", "--propagation", "private", "bash", "-uc", $"mount -t tmpfs tmpfs /run; L() {{ \"$LITTLEBOX\" \"$@\"; }}; {script}"],
        environment: [("LITTLEBOX", NativeBinary.Location)]);
}
