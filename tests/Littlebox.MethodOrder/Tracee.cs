using Littlebox.Boot;
using Littlebox.Linux;

namespace Littlebox.MethodOrder;

/// <summary>The program that is traced, with all its threads. What it clones into another process is not: it runs with the breakpoints that are left, and so may call only what has been called before.</summary>
internal static class Tracee
{
    private const int Trap = 5, Stop = 19;

    /// <summary>Starts it: it stands still behind its execve.</summary>
    /// <exception cref="SystemCallException">It could not be executed.</exception>
    public static int Start(string[] command)
    {
        var builder = new BootBuilder();
        builder.ResetSignals();
        builder.Call(Ptrace.Number, $"ptrace(PTRACE_TRACEME)", 0, 0, 0, 0);
        builder.Execute([command[0]], command, [.. Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(static one => $"{one.Key}={one.Value}")]);
        using BootChild child = BootChild.Start(builder, NamespaceFlags.None, []);
        if (child.Receive(out _, out _) is not MessageKind.Closed) Kernel.Check(-(int)child.Error, $"execve(\"{command[0]}\", …)");
        int pid = Ptrace.Wait(out int status);
        if (pid != child.Pid || status != (Trap << 8 | 0x7f)) throw new LittleboxException(ErrorKind.SystemError, $"{command[0]} was to stop behind its execve; its wait status is 0x{status:x}");
        Ptrace.FollowThreads(pid);
        return pid;
    }

    /// <summary>Lets it run to its end.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="breakpoints">Those set in it; each is taken away when it is met.</param>
    /// <param name="met">Told the address.</param>
    public static WaitStatus Run(int pid, Breakpoints breakpoints, Action<long> met)
    {
        Ptrace.Resume(pid, 0);
        while (true)
        {
            int thread = Ptrace.Wait(out int status);
            if ((status & 0xff) != 0x7f)
            {
                if (thread == pid) return new WaitStatus(status);
                continue;
            }
            // Behind the signal stands the event, where the stop is for one: a new thread.
            int signal = (status >> 8) & 0xff, happened = status >> 16;
            if (signal == Trap && happened == 0)
            {
                // The processor stands behind the int3.
                long address = Ptrace.GetInstructionPointer(thread) - 1;
                if (breakpoints.Covers(address))
                {
                    // Gone already where another thread has met it at the same moment; the method is called all the same.
                    if (breakpoints.Remove(address)) met(address);
                    Ptrace.SetInstructionPointer(thread, address);
                    signal = 0;
                }
            }
            // A new thread begins with a stop of its own.
            Ptrace.Resume(thread, happened != 0 || signal == Stop ? 0 : signal);
        }
    }
}
