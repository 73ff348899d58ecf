using System.Diagnostics;
using Littlebox.Linux;

namespace Littlebox.Namespaces.Tests;

/// <summary>What tests ask of the machine.</summary>
internal static class Machine
{
    public static void NeedRoot() => Assert.SkipUnless(Kernel.EffectiveUid == 0, "needs root: other users' processes, setns and mounts");

    public static void NeedTool(string name) =>
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(directory => File.Exists($"{directory}/{name}")), $"needs {name}");

    public static NamespaceId NamespaceOf(int pid, string kind)
    {
        Assert.True(NamespaceKinds.TryParseLink(Kernel.TryReadLink($"/proc/{pid}/ns/{kind}"), out NamespaceId id), $"process {pid} has no {kind} namespace");
        return id;
    }

    public static NamespaceId OwnNamespace(string kind)
    {
        Assert.True(NamespaceKinds.TryParseLink(Kernel.TryReadLink($"/proc/thread-self/ns/{kind}"), out NamespaceId id));
        return id;
    }

    /// <summary>Runs a program, from the calling thread's namespaces, and returns what it printed.</summary>
    public static string Run(params string[] command)
    {
        (int code, string output, string error) = TryRun(command);
        Assert.True(code == 0, $"{string.Join(' ', command)}: exit code {code}: {error}");
        return output;
    }

    public static (int Code, string Output, string Error) TryRun(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Runs on a thread that does not come back, so that it may do to itself what it likes: namespaces and user ids are a thread's own.</summary>
    public static void OnOwnThread(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Runs in a mount namespace of its own, with an empty /run: nothing that is mounted there reaches the machine, and all of it goes with the thread.</summary>
    public static void WithPrivateRun(Action action) => OnOwnThread(() =>
    {
        // Linux 6.18 numbers mount namespaces from a stock for each processor, and lets one be mounted only in one with a lower number: so that what
        // the test makes is younger for the kernel too, this thread and its children stay on one processor.
        ulong first = 1;
        unsafe
        {
            SystemCall.Invoke(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? 122 : 203, 0, 8, (nint)(&first));
        }
        Kernel.Unshare(NamespaceFlags.Mount);
        Kernel.Mount(null, "/", null, MountFlags.Private | MountFlags.Recursive);
        Kernel.Mount("tmpfs", "/run", "tmpfs", MountFlags.None);
        action();
    });

    /// <summary>Becomes an ordinary user on this thread alone (the system call changes one thread; libc's function would change all).</summary>
    public static void BecomeNobody()
    {
        Assert.Equal(0, SystemCall.Invoke(SystemCallNumber.Setgroups));
        Assert.Equal(0, SystemCall.Invoke(SystemCallNumber.Setresgid, 65534, 65534, 65534));
        Assert.Equal(0, SystemCall.Invoke(SystemCallNumber.Setresuid, 65534, 65534, 65534));
    }
}
