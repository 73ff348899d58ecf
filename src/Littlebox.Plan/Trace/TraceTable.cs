using System.Globalization;
using System.Text;

namespace Littlebox.Plan.Trace;

/// <summary>The times of a run as a table.</summary>
public static class TraceTable
{
    /// <summary>One line a step: number, where, begin and duration in microseconds, title.</summary>
    public static string Of(IReadOnlyList<StepTime> times)
    {
        var text = new StringBuilder(" step  where    begin µs  took µs  what\n");
        foreach (StepTime time in times)
            text.Append(CultureInfo.InvariantCulture, $"{time.Index + 1,5}  {(time.Where == Place.Host ? "host" : "inside"),-6} {time.Begin,10:0.0} {time.Duration,8:0.0}  {time.Title}\n");
        if (times.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"       total  {times.Max(static time => time.Begin + time.Duration),9:0.0}\n");
        return text.ToString();
    }
}
