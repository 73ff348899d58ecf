using System.Text.Json;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan.Explain;

namespace Littlebox.Plan.Tests;

/// <summary>The same steps as text, as JSON, as a script, and as a program; pictures of a small plan.</summary>
public sealed class ExplainTests
{
    [Fact]
    public void A_plan_as_text() => Assert.Equal("""
        On the host

          1. first
             because first
             call("first")
             $ echo first

          2. start
             because start
             call("start")
             $ echo start

        Inside the container

          3. /a  (--workdir)
             because /a
             chdir("/a")
             $ cd /a

          4. /b
             because /b
             chdir("/b")
             $ cd /b

        On the host

          5. last
             because last
             call("last")
             $ echo last

        """, PlanText.Of(Fake.Plan(), colour: false));

    [Fact]
    public void A_plan_as_a_script() => Assert.Equal("""
        #!/usr/bin/env bash
        # The same container, by hand, with util-linux.
        set -euo pipefail

        # first
        echo first

        inside=$(cat <<'INSIDE'
        set -euo pipefail

        # /a
        cd /a

        # /b
        cd /b
        INSIDE
        )

        # start
        echo start

        # last
        echo last

        """, PlanScript.Of(Fake.Plan()));

    [Fact]
    public void The_word_that_ends_the_inner_script_is_none_of_its_lines()
    {
        var plan = new ContainerPlan();
        plan.AddStart(Fake.Host("start", []));
        plan.Add(new InsideStep { Title = "hostile", Why = "", Compile = static _ => { }, Shell = static () => ["cat <<X", "INSIDE", "INSIDE_", "X"] });
        Assert.Contains("<<'INSIDE__'\n", PlanScript.Of(plan), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_as_JSON()
    {
        JsonElement[] steps = [.. JsonDocument.Parse(PlanJson.Of(Fake.Plan())).RootElement.GetProperty("steps").EnumerateArray()];
        Assert.Equal(5, steps.Length);
        Assert.Equal("""{"number":3,"title":"/a","why":"because /a","where":"inside","field":"--workdir","calls":["chdir(\u0022/a\u0022)"],"shell":["cd /a"]}""", JsonSerializer.Serialize(steps[2]));
        Assert.Equal(JsonValueKind.Null, steps[3].GetProperty("field").ValueKind);
        Assert.Equal("host", steps[4].GetProperty("where").GetString());
    }

    [Fact]
    public void Colours_change_nothing_but_the_colours() =>
        Assert.Equal(PlanText.Of(Fake.Plan(), colour: false), System.Text.RegularExpressions.Regex.Replace(PlanText.Of(Fake.Plan(), colour: true), "\e\\[[0-9;]*m", ""));

    [Theory]
    [InlineData("plain/word-1.2_x=y:z,@%+", "plain/word-1.2_x=y:z,@%+")]
    [InlineData("", "''")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("$HOME `x` \"\\\n", "'$HOME `x` \"\\\n'")]
    [InlineData("~", "'~'")]
    [InlineData("ä", "'ä'")]
    public void A_word_is_quoted_for_bash(string word, string expected) => Assert.Equal(expected, ShellQuote.Word(word));

    [Fact]
    public void A_program_holds_the_steps_inside_with_their_numbers_and_a_fault_where_it_belongs()
    {
        Assert.Equal([(2, "chdir(\"/a\")"), (3, "chdir(\"/b\")")], Fake.Plan().Compile(keepsText: true).Describe());
        Assert.Equal(["chdir(\"/a\")", "injected fault", "chdir(\"/b\")"], Texts(new Fault(3, After: false, Errno.EIO)));
        Assert.Equal(["chdir(\"/a\")", "chdir(\"/b\")", "injected fault"], Texts(new Fault(3, After: true, Errno.EIO)));
        Assert.Equal(4, Fake.Plan().Compile(reportSteps: true).Count);

        static IEnumerable<string> Texts(Fault fault) => Fake.Plan().Compile(keepsText: true, fault).Describe().Select(static operation => operation.Text);
    }

    [Theory]
    [InlineData("clone3({flags=CLONE_NEWNS}, 88)", Errno.EPERM, "kernel.unprivileged_userns_clone")]
    [InlineData("clone3({flags=CLONE_NEWNS}, 88)", Errno.ENOSPC, "sysctl user.max_")]
    [InlineData("move_mount(3, \"\", 4, \"\", 0)", Errno.EINVAL, "a directory can only be mounted on a directory")]
    [InlineData("anything(1)", Errno.EMFILE, "ulimit -n")]
    public void A_hint_names_the_remedy(string call, Errno error, string words) => Assert.Contains(words, Hints.Of(call, error), StringComparison.Ordinal);

    [Fact]
    public void Where_nothing_more_is_known_there_is_no_hint() => Assert.Null(Hints.Of("anything(1)", Errno.EIO));
}
