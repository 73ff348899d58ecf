using System.Text;
using Littlebox.Linux;

namespace Littlebox.Isolation.Tests;

/// <summary>Exchanges two names of a directory, over and over, while a container is made: a link stands where a moment ago a directory was (renameat2(2), RENAME_EXCHANGE).</summary>
public sealed unsafe class Exchanger : IDisposable
{
    private const int CurrentDirectory = -100, Exchange = 2;

    private readonly Thread thread;
    private volatile bool stopped;

    /// <summary>Begins.</summary>
    public Exchanger(string one, string other)
    {
        byte[] first = Encoding.UTF8.GetBytes(one + "\0"), second = Encoding.UTF8.GetBytes(other + "\0");
        thread = new Thread(() =>
        {
            fixed (byte* a = first, b = second)
            {
                while (!stopped)
                {
                    if (SystemCall.Invoke(SystemCallNumber.Renameat2, CurrentDirectory, (nint)a, CurrentDirectory, (nint)b, Exchange) >= 0) Exchanges++;
                }
            }
        });
        thread.Start();
    }

    /// <summary>How often it has happened.</summary>
    public long Exchanges { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        stopped = true;
        thread.Join();
    }
}
