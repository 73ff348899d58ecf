using System.Diagnostics;

namespace Littlebox.Stress;

/// <summary>Ends the process where one start takes longer than any start should, and says where it hangs.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly ManualResetEventSlim ended = new();
    private readonly Thread thread;
    private long last = Stopwatch.GetTimestamp();
    private int number;

    /// <summary>Starts it.</summary>
    /// <param name="patience">How long one start may take: far more than it needs on a busy machine.</param>
    public Watchdog(TimeSpan patience)
    {
        thread = new Thread(() => Watch(patience)) { IsBackground = true };
        thread.Start();
    }

    /// <summary>A start begins.</summary>
    public void Begin(int start)
    {
        Volatile.Write(ref number, start);
        Volatile.Write(ref last, Stopwatch.GetTimestamp());
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        ended.Set();
        thread.Join();
        ended.Dispose();
    }

    private void Watch(TimeSpan patience)
    {
        while (!ended.Wait(200))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref last)) < patience) continue;
            Console.Error.WriteLine($"HUNG: start {Volatile.Read(ref number)} has not ended after {patience.TotalSeconds:0} s, {Rubbish.Collections} collections so far");
            foreach (int child in Leftovers.Children())
            {
                foreach (string file in (string[])["comm", "status", "wchan", "syscall", "stack"]) Console.Error.WriteLine($"child {child} {file}: {Read($"/proc/{child}/{file}")}");
            }
            Environment.Exit(3);
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }
}
