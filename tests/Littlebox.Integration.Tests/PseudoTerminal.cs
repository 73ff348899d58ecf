using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Littlebox.Integration.Tests;

/// <summary>A terminal of a user: a pty whose other end is the controlling terminal and the three streams of a program.</summary>
public sealed partial class PseudoTerminal : IDisposable
{
    private readonly Linux.Descriptor master;
    private readonly StringBuilder output = new();
    private readonly string path;
    private Task? reader;

    /// <summary>Makes it.</summary>
    public PseudoTerminal(ushort rows = 24, ushort columns = 80)
    {
        master = Linux.Kernel.OpenAt2(-100, "/dev/ptmx", Linux.OpenFlags.ReadWrite | Linux.OpenFlags.NoControllingTerminal);
        Assert.Equal(0, UnlockPt(master.Number));
        byte[] name = new byte[64];
        Assert.Equal(0, PtsName(master.Number, name, (nuint)name.Length));
        path = Encoding.ASCII.GetString(name, 0, Array.IndexOf(name, (byte)0));
        Resize(rows, columns);
    }

    /// <summary>What has come so far, carriage returns left out.</summary>
    public string Output
    {
        get
        {
            lock (output) return output.ToString().Replace("\r", "", StringComparison.Ordinal);
        }
    }

    /// <summary>The settings of the terminal now, in words.</summary>
    public string Settings
    {
        get
        {
            Assert.True(Linux.Kernel.TryGetTerminal(master.Number, out Linux.TerminalSettings settings));
            return $"input {settings.Input:x} output {settings.Output:x} control {settings.Control:x} local {settings.Local:x}";
        }
    }

    /// <summary>Starts a program on it (setsid(1) makes it the controlling terminal and becomes the program).</summary>
    public RunningProgram Start(string program, params string[] arguments)
    {
        RunningProgram started = Program.Start("sh", ["-c", "exec setsid -c \"$@\" <\"$0\" >\"$0\" 2>&1", path, program, .. arguments]);
        reader = Task.Factory.StartNew(Collect, TaskCreationOptions.LongRunning);
        return started;
    }

    /// <summary>Types something.</summary>
    public void Type(string text) => Assert.Equal(Encoding.UTF8.GetByteCount(text), Linux.Kernel.TryWrite(master.Number, Encoding.UTF8.GetBytes(text)));

    /// <summary>Changes the size of the window.</summary>
    public void Resize(ushort rows, ushort columns) => Linux.Kernel.SetWindowSize(master.Number, new Linux.WindowSize { Rows = rows, Columns = columns });

    /// <summary>Waits until the output matches.</summary>
    public void WaitFor(string text, int times = 1) => Wait(() => Output.Split(text).Length > times, $"“{text}” {times} times");

    /// <summary>Waits until the terminal's settings are these.</summary>
    public void WaitForSettings(string settings) => Wait(() => Settings == settings, $"settings {settings}");

    /// <inheritdoc/>
    public void Dispose()
    {
        reader?.Wait(TimeSpan.FromMilliseconds(200));
        master.Dispose();
    }

    private void Wait(Func<bool> until, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!until())
        {
            Assert.True(watch.Elapsed < Program.DefaultLimit, $"{what} was expected; settings {Settings}, output:\n{Output}");
            Thread.Sleep(10);
        }
    }

    // Ends with EIO, when nobody has the other end open any more.
    private void Collect()
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            int length = Linux.Kernel.TryRead(master.Number, buffer);
            if (length <= 0) return;
            lock (output) output.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }
    }

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int UnlockPt(int master);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int PtsName(int master, [Out] byte[] name, nuint length);
}
