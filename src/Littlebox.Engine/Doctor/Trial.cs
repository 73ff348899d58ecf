using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Runtime.Ids;

namespace Littlebox.Engine.Doctor;

/// <summary>How a trial went.</summary>
/// <param name="Error">The error number; <see cref="Errno.None"/> where it went well.</param>
/// <param name="Failed">The call that failed, as strace prints it; empty where none did.</param>
internal readonly record struct TrialResult(Errno Error, string? Failed)
{
    /// <summary>The call that failed, as strace prints it; empty where none did.</summary>
    public string Call => Failed ?? "";

    /// <summary>It went well.</summary>
    public bool Works => Error == Errno.None;

    /// <summary>The child could not be made, or not in its namespaces, so that nothing was tried.</summary>
    public bool Untried => Call.StartsWith("clone3(", StringComparison.Ordinal);

    /// <summary>The failed call and its error, or <paramref name="good"/>.</summary>
    public string Words(string good) => Works ? good : $"{Call} = -1 {Error} ({Error.Describe()})";
}

/// <summary>
/// Does something for real, in a child that ends right after it. What the child makes lies in its own namespaces or is never attached anywhere, so that
/// the machine stays as it is.
/// </summary>
internal static class Trial
{
    /// <summary>Runs operations in a child in new namespaces; in a new user namespace the child is root, and the caller's id is the only one.</summary>
    /// <param name="namespaces">The new namespaces.</param>
    /// <param name="operations">What to do. Called once more where an operation fails, to have its text.</param>
    /// <param name="keep">Descriptors that the operations use.</param>
    /// <param name="cgroup">Descriptor of a version 2 cgroup to start in, or -1.</param>
    /// <param name="maps">Other id maps for the user namespace.</param>
    public static TrialResult Run(NamespaceFlags namespaces, Action<BootBuilder> operations, int[]? keep = null, int cgroup = -1, IdMappings? maps = null)
    {
        bool mapped = (namespaces & NamespaceFlags.User) != 0;
        try
        {
            using BootChild child = BootChild.Start(Build(operations, mapped, keepsText: false), namespaces, keep ?? [], cgroup: cgroup);
            try
            {
                return Follow(child, operations, mapped, maps ?? OwnIds());
            }
            finally
            {
                Kernel.TryKill(child.Pid, Signal.Kill);
                Kernel.TryWait(child.Pid, out _);
            }
        }
        catch (SystemCallException failure)
        {
            return new TrialResult(failure.Error, failure.Call);
        }
    }

    /// <summary>The namespaces of a trial that only root can do without a user namespace: with one for everybody else.</summary>
    public static NamespaceFlags For(NamespaceFlags namespaces) => Kernel.EffectiveUid == 0 ? namespaces : namespaces | NamespaceFlags.User;

    private static TrialResult Follow(BootChild child, Action<BootBuilder> operations, bool mapped, IdMappings maps)
    {
        while (true)
        {
            switch (child.Receive(out int number, out _))
            {
                case MessageKind.Ready:
                    IdMapWriter.Write(child.Pid, maps);
                    child.Answer();
                    break;
                case MessageKind.Failed:
                    int index = child.InProgram(number);
                    string call = index < 0 ? "close_range(3, 4294967295, 0)" : Build(operations, mapped, keepsText: true).Describe(index, static register => $"<{register}>");
                    return new TrialResult(child.Error, call);
                default:
                    // A filter of somebody else's may kill instead of refusing.
                    Kernel.TryWait(child.Pid, out WaitStatus status);
                    return status.ExitCode == 0 ? default : new TrialResult(Errno.EPERM, $"the child was ended by signal {status.Signal}");
            }
        }
    }

    private static BootBuilder Build(Action<BootBuilder> operations, bool mapped, bool keepsText)
    {
        var program = new BootBuilder(keepsText);
        if (mapped) program.Report(MessageKind.Ready);
        operations(program);
        program.Exit(0);
        return program;
    }

    private static IdMappings OwnIds() => new([new IdRange(0, Kernel.EffectiveUid, 1)], [new IdRange(0, Kernel.EffectiveGid, 1)], ByHelper: false);
}
