using System.Globalization;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan.Stepping;
using Littlebox.Runtime;

namespace Littlebox.Engine;

/// <summary>
/// A shell of the host in the namespaces of a process, to look around in a container that is only half made. Nothing of the container's root is executed:
/// the shell has all rights that we have. Where the host's root is not in sight any more, it is a copy in memory of the host's static busybox.
/// </summary>
public static class StepShell
{
    private const int SetForeground = 0x5410; // TIOCSPGRP

    private static readonly string[] StaticShells = ["/bin/busybox", "/usr/bin/busybox", "/sbin/busybox", "/bin/sash", "/usr/bin/bash-static", "/bin/bash-static"];

    /// <summary>Runs the shell and returns when the user leaves it.</summary>
    /// <param name="pid">The process, or 0 for a shell on the host.</param>
    /// <param name="terminal">Its standard input: the user's terminal.</param>
    /// <param name="prompt">The words in front of each line.</param>
    /// <exception cref="LittleboxException">There is no shell that can be executed there.</exception>
    public static void Run(int pid, int terminal, string prompt)
    {
        bool hasSettings = Kernel.TryGetTerminal(terminal, out TerminalSettings settings);
        try
        {
            if (pid == 0 || SeesHost(pid)) OfTheHost(pid, terminal, prompt);
            else InMemory(pid, terminal, prompt);
        }
        catch (SystemCallException failure)
        {
            throw new LittleboxException(ErrorKind.NotSupported, "no shell could be started there", failure);
        }
        finally
        {
            if (hasSettings)
            {
                TakeBack(terminal);
                Kernel.SetTerminal(terminal, settings);
            }
        }
    }

    private static void OfTheHost(int pid, int terminal, string prompt)
    {
        string? own = Linux.Text.ProcessText.Variable("SHELL");
        List<string> paths = ["/bin/bash", "/bin/sh", "/bin/busybox"];
        if (own is not null && own.StartsWith('/')) paths.Insert(0, own);
        new JoinedProgram { Pid = pid == 0 ? Kernel.ProcessId : pid, Paths = paths, Arguments = ["sh"], Environment = Variables(prompt), Input = terminal }.Run();
    }

    private static void InMemory(int pid, int terminal, string prompt)
    {
        foreach (string path in StaticShells)
        {
            int opened = Kernel.TryOpenAt2(Linux.Text.Strace.CurrentDirectory, path, OpenFlags.ReadOnly);
            if (opened < 0) continue;
            using var file = new Descriptor(opened);
            // A copy: what is inside could reach the program's file through /proc/PID/exe (CVE-2019-5736).
            using Descriptor copy = Kernel.MemfdCreate("shell");
            byte[] buffer = new byte[65536];
            for (int read = Kernel.Read(opened, buffer); read > 0; read = Kernel.Read(opened, buffer)) Kernel.Write(copy.Number, buffer.AsSpan(0, read));
            new JoinedProgram { Pid = pid, Executable = copy.Number, Arguments = ["sh"], Environment = Variables(prompt), Input = terminal }.Run();
            return;
        }
        throw new LittleboxException(ErrorKind.NotSupported, "the host's root is out of sight here, and this machine has no static shell that could run without it: apt-get install busybox-static");
    }

    private static bool SeesHost(int pid) =>
        Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root"), follow: true, out FileStatus theirs) >= 0
        && Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, "/", follow: true, out FileStatus ours) >= 0 && theirs.Identity == ours.Identity;

    private static string[] Variables(string prompt) =>
    [
        $"PATH={Linux.Text.ProcessText.Variable("PATH") ?? ExecutablePath.Default}", $"TERM={Linux.Text.ProcessText.Variable("TERM") ?? "dumb"}",
        $"HOME={Linux.Text.ProcessText.Variable("HOME") ?? "/"}", $"PS1={prompt}",
    ];

    // A shell with job control has made its own process group the terminal's; in another pid namespace it cannot even name ours. In a child all
    // signals are blocked, so that SIGTTOU does not stop it.
    private static void TakeBack(int terminal)
    {
        string stat = SmallFile.TryReadText("/proc/self/stat") ?? "";
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 3 || !int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out int group)) return;
        var program = new BootBuilder();
        program.Call(SystemCallNumber.Ioctl, $"ioctl({terminal}, TIOCSPGRP, [{group}])", terminal, SetForeground, program.Structure((long)group)).Tolerate(Errno.ENOTTY, Errno.EPERM, Errno.EINVAL);
        program.Exit(0);
        using BootChild child = BootChild.Start(program, NamespaceFlags.None, [terminal]);
        Kernel.TryWait(child.Pid, out _);
    }
}
