namespace Littlebox.Stress;

/// <summary>Threads that allocate and collect all the time, so that a clone meets the collector at every stage of its work.</summary>
internal sealed class Rubbish : IDisposable
{
    private static readonly Lock Gate = new();

    private readonly List<Thread> threads = [];
    private volatile bool ended;

    /// <summary>Starts them: some that allocate (and collect now and then), and one that does nothing but collect.</summary>
    public Rubbish(int allocating)
    {
        for (int i = 0; i < allocating; i++) threads.Add(new Thread(Allocate));
        threads.Add(new Thread(Collect));
        foreach (Thread thread in threads) thread.Start();
    }

    /// <summary>Collections since the start of the process, of all generations.</summary>
    public static int Collections => GC.CollectionCount(0);

    /// <summary>Ends them.</summary>
    public void Dispose()
    {
        ended = true;
        foreach (Thread thread in threads) thread.Join();
    }

    // Live objects of all ages, large ones, finalizers and a lock that is held half of the time: what a child must not stumble over.
    private void Allocate()
    {
        var live = new Queue<object>();
        for (int i = 0; !ended; i++)
        {
            lock (Gate)
            {
                live.Enqueue(i % 64 == 0 ? new byte[100_000] : i % 7 == 0 ? new Finalized() : new string('x', i % 500));
            }
            if (live.Count > 2000) live.Dequeue();
            if (i % 20_000 == 0) GC.Collect(0);
        }
    }

    private void Collect()
    {
        for (int i = 0; !ended; i++)
        {
            GC.Collect(i % 20 == 0 ? 2 : i % 3 == 0 ? 1 : 0, GCCollectionMode.Forced, blocking: true);
            // Without a breath in between, threads that come back from a system call would wait for one collection after the other.
            if (i % 4 != 0) Thread.Sleep(i % 8 == 1 ? 1 : 0);
            else Thread.SpinWait(2000);
        }
    }

    private sealed class Finalized
    {
        private static int count;

        ~Finalized() => Interlocked.Increment(ref count);
    }
}
