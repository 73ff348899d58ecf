using System.Diagnostics;
using System.Globalization;

namespace Littlebox.Namespaces.Tests;

/// <summary>A process that waits in some namespaces until the test ends.</summary>
internal sealed class Held : IDisposable
{
    private readonly Process process;

    private Held(Process process, string firstLine)
    {
        this.process = process;
        FirstLine = firstLine;
    }

    /// <summary>The process that was started.</summary>
    public int Pid => process.Id;

    /// <summary>What it said when it was ready.</summary>
    public string FirstLine { get; }

    /// <summary>Starts <c>unshare OPTIONS</c> with a command that says that it is ready and waits.</summary>
    public static Held Unshare(params string[] options) => Start(["unshare", .. options, "sh", "-c", "echo ready; exec sleep 300"]);

    /// <summary>Starts a command which prints a line when it is ready.</summary>
    public static Held Start(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true };
        Process process = Process.Start(start)!;
        string? line = process.StandardOutput.ReadLine();
        Assert.True(line is not null, $"{string.Join(' ', command)} did not start");
        return new Held(process, line);
    }

    /// <summary>The first child of the process.</summary>
    public int Child() => int.Parse(File.ReadAllText($"/proc/{Pid}/task/{Pid}/children").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>Which namespace it is in.</summary>
    public NamespaceId Of(string kind) => Machine.NamespaceOf(Pid, kind);

    public void Dispose()
    {
        // The children of children end when they like, and a test that goes on wants that behind it; to reap them is the business of process 1.
        List<int> children = File.Exists($"/proc/{Pid}/task/{Pid}/children") ? [.. File.ReadAllText($"/proc/{Pid}/task/{Pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)] : [];
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        SpinWait.SpinUntil(() => children.TrueForAll(HasEnded), TimeSpan.FromSeconds(5));
        process.Dispose();
    }

    private static bool HasEnded(int pid)
    {
        try
        {
            return Surveyor.HasEnded(File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (IOException)
        {
            return true;
        }
    }
}
