using System.Text.Json;
using Littlebox.Plan.Trace;

namespace Littlebox.Plan.Tests;

/// <summary>The times of a run, as a table and for Perfetto.</summary>
public sealed class TraceTests
{
    private static readonly StepTime[] Times = [new(0, "first", Place.Host, 0, 12.34), new(2, "a \"step\"", Place.Inside, 12.5, 1000.5), new(3, "end", Place.Host, 5, 1)];

    [Fact]
    public void A_table_of_times() => Assert.Equal("""
         step  where    begin µs  took µs  what
            1  host          0.0     12.3  first
            3  inside       12.5   1000.5  a "step"
            4  host          5.0      1.0  end
               total     1013.0

        """, TraceTable.Of(Times));

    [Fact]
    public void A_table_of_nothing_is_a_heading() => Assert.Single(TraceTable.Of([]).TrimEnd('\n').Split('\n'));

    [Fact]
    public void A_trace_for_Perfetto_has_complete_events_on_two_named_tracks()
    {
        JsonElement[] events = [.. JsonDocument.Parse(ChromeTrace.Of(Times)).RootElement.GetProperty("traceEvents").EnumerateArray()];
        Assert.Equal(["M", "M", "X", "X", "X"], events.Select(static one => one.GetProperty("ph").GetString()));
        JsonElement inside = events[3];
        Assert.Equal("a \"step\"", inside.GetProperty("name").GetString());
        Assert.Equal((12.5, 1000.5, 2, 3), (inside.GetProperty("ts").GetDouble(), inside.GetProperty("dur").GetDouble(), inside.GetProperty("tid").GetInt32(), inside.GetProperty("args").GetProperty("step").GetInt32()));
        Assert.Equal("inside the container", events[1].GetProperty("args").GetProperty("name").GetString());
    }

    [Fact]
    public void Times_are_in_the_order_the_steps_began_and_count_from_the_first()
    {
        var trace = new PlanTrace(Fake.Plan());
        trace.Add(1, 5_000_000, 6_000_000);
        trace.Add(0, 2_000_000, 3_500_000);
        Assert.Equal([new StepTime(0, "first", Place.Host, 0, 1500), new StepTime(1, "start", Place.Host, 3000, 1000)], trace.Times());
        Assert.Empty(new PlanTrace(Fake.Plan()).Times());
    }
}
