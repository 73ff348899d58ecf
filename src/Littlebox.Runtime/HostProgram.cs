using System.Text;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Runtime;

/// <summary>Runs a program of the host and waits for it; for the few set-user-id helpers that an ordinary user cannot do without.</summary>
public static class HostProgram
{
    /// <summary>Runs a program found by the PATH of this process, with standard output and error captured together.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments, its own name first.</param>
    /// <param name="limit">How much it may print, in bytes; of more nothing is returned.</param>
    /// <returns>Its exit code (127 where there is no such program), and what it printed.</returns>
    public static (int Code, string Output) Run(string program, IReadOnlyList<string> arguments, int limit = 1 << 16)
    {
        (Descriptor read, Descriptor write) = Kernel.Pipe();
        using Descriptor output = read;
        string path = ProcessText.Variable("PATH") ?? ExecutablePath.Default;
        var boot = new BootBuilder();
        boot.Call(SystemCallNumber.Dup3, $"dup3(…, 1, 0)", write.Number, 1, 0);
        boot.Call(SystemCallNumber.Dup3, $"dup3(…, 2, 0)", write.Number, 2, 0);
        boot.ResetSignals();
        boot.Execute(ExecutablePath.Candidates(program, [$"PATH={path}"]), arguments, [$"PATH={path}"]);
        using BootChild child = BootChild.Start(boot, NamespaceFlags.None, [write.Number]);
        write.Dispose();
        bool failed = child.Receive(out _, out _) == MessageKind.Failed;
        bool missing = failed && child.Error is Errno.ENOENT or Errno.EACCES;
        if (failed) child.Answer();
        byte[] text = failed ? [] : SmallFile.Read(output.Number, limit) ?? [];
        int code = Kernel.Wait(child.Pid).ExitCode;
        return (missing ? 127 : code, Encoding.UTF8.GetString(text));
    }
}
