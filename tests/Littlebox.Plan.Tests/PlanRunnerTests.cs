using Littlebox.Linux;

namespace Littlebox.Plan.Tests;

/// <summary>Host steps run in their order, and what was done is undone backwards.</summary>
public sealed class PlanRunnerTests
{
    private readonly List<string> log = [];
    private readonly ContainerPlan plan = new();

    [Fact]
    public void Steps_are_done_in_their_order_and_undone_backwards_once()
    {
        foreach (string title in (string[])["a", "b", "c"]) plan.Add(Fake.Host(title, log));
        using (var runner = new PlanRunner(plan))
        {
            runner.Run();
            Assert.Equal(["do a", "do b", "do c"], log);
            runner.Undo();
            runner.Undo();
        }
        Assert.Equal(["do a", "do b", "do c", "undo c", "undo b", "undo a"], log);
    }

    [Fact]
    public void A_step_that_fails_is_not_undone_but_all_before_it_are()
    {
        plan.Add(Fake.Host("a", log));
        plan.Add(Fake.Host("b", log, undo: false));
        plan.Add(Fake.Host("c", log, static () => throw new SystemCallException("mkdirat(3, \"c\", 0700)", Errno.EEXIST)));
        plan.Add(Fake.Host("d", log));
        using var runner = new PlanRunner(plan);
        StepFailedException failure = Assert.Throws<StepFailedException>(runner.Run);
        Assert.Equal(["do a", "do b", "undo a"], log);
        Assert.Equal((2, "c", Errno.EEXIST, ErrorKind.SystemError), (failure.Index, failure.Step.Title, failure.Error, failure.Kind));
        Assert.Equal(["mkdirat(3, \"c\", 0700) = -1 EEXIST (File exists)", "step 3, on the host"], failure.Details);
    }

    [Fact]
    public void An_error_for_people_passes_through_unchanged_behind_the_undos()
    {
        var error = new LittleboxException(ErrorKind.InvalidArgument, "no");
        plan.Add(Fake.Host("a", log));
        plan.Add(Fake.Host("b", log, () => throw error));
        using var runner = new PlanRunner(plan);
        Assert.Same(error, Assert.Throws<LittleboxException>(runner.Run));
        Assert.Equal(["do a", "undo a"], log);
    }

    [Theory]
    [InlineData("2:EIO", "do a,undo a")]
    [InlineData("2+:EIO", "do a,do b,undo b,undo a")]
    [InlineData("9:EIO", "do a,do b,do c")]
    public void A_fault_happens_before_or_after_its_step(string fault, string expected)
    {
        foreach (string title in (string[])["a", "b", "c"]) plan.Add(Fake.Host(title, log));
        var runner = new PlanRunner(plan) { Fault = Fault.Parse(fault) };
        if (fault.StartsWith('2')) Assert.Equal(Errno.EIO, Assert.Throws<StepFailedException>(runner.Run).Error);
        else runner.Run();
        Assert.Equal(expected, string.Join(',', log));
    }

    [Fact]
    public void Whoever_stops_between_two_steps_has_them_undone()
    {
        foreach (string title in (string[])["a", "b"]) plan.Add(Fake.Host(title, log));
        var runner = new PlanRunner(plan) { OnStep = static index => { if (index == 1) throw new OperationCanceledException(); } };
        Assert.Throws<OperationCanceledException>(runner.Run);
        Assert.Equal(["do a", "undo a"], log);
    }

    [Fact]
    public void Times_are_told_of_host_steps_only()
    {
        var times = new List<int>();
        plan.Add(Fake.Host("a", log));
        plan.Add(Fake.Inside("/inside"));
        plan.Add(Fake.Host("b", log));
        new PlanRunner(plan) { OnTime = (index, begin, end) => { Assert.True(end >= begin); times.Add(index); } }.Run();
        Assert.Equal([0, 2], times);
    }

    [Theory]
    [InlineData("7:EIO", 6, false, Errno.EIO)]
    [InlineData("1+:ENOSPC", 0, true, Errno.ENOSPC)]
    [InlineData("3:KILL", 2, false, Errno.None)]
    public void A_fault_is_read(string text, int step, bool after, Errno error) => Assert.Equal(new Fault(step, after, error), Fault.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("0:EIO")]
    [InlineData("-1:EIO")]
    [InlineData("7:EWHAT")]
    [InlineData("7:")]
    [InlineData("7:EIO:1")]
    [InlineData("7:None")]
    [InlineData("x:EIO")]
    public void What_is_no_fault_is_refused(string text) => Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<LittleboxException>(() => Fault.Parse(text)).Kind);
}
