using Littlebox.Linux;
using Littlebox.Plan;

namespace Littlebox.Runtime.Oci.Life;

/// <summary>What the command line of <c>run</c> and <c>exec</c> says of how a process is attached.</summary>
public sealed record OciProcessOptions
{
    /// <summary><c>--detach</c>: it is left behind.</summary>
    public bool Detached { get; init; }

    /// <summary><c>--cgroup</c> of exec: cgroups beneath the container's.</summary>
    public IReadOnlyList<string> CGroups { get; init; } = [];

    /// <summary><c>--ignore-paused</c> of exec.</summary>
    public bool IgnoresPause { get; init; }

    /// <summary><c>--inject-fault</c>, for tests: a step fails, or the runtime is killed there.</summary>
    public Fault? Fault { get; init; }

    /// <summary><c>--preserve-fds</c>: how many descriptors from 3 on it inherits.</summary>
    public int Preserved { get; init; }

    /// <summary>The file of <c>exec --process</c>, for errors; <c>null</c> where the process is that of config.json.</summary>
    public string? Document { get; init; }

    /// <summary><c>--console-socket</c>: gets the terminal's master; owned by the callee.</summary>
    public Action<Descriptor>? OnConsole { get; init; }

    /// <summary>Called once the process is there, with its id: <c>--pid-file</c>, <c>--pidfd-socket</c>. Where it throws, the process is ended.</summary>
    public Action<int>? OnProcess { get; init; }

    /// <summary>Throws where a terminal would be nobody's, or a console socket nobody's need.</summary>
    /// <param name="terminal">The process has a terminal.</param>
    /// <exception cref="LittleboxException">So it is.</exception>
    public void CheckTerminal(bool terminal)
    {
        if (Detached && terminal && OnConsole is null)
            throw new LittleboxException(ErrorKind.InvalidArgument, "cannot allocate tty (/process/terminal) if littlebox-oci will detach without setting console socket: --console-socket, or run in the foreground");
        if ((!Detached || !terminal) && OnConsole is not null)
            throw new LittleboxException(ErrorKind.InvalidArgument, "cannot use console socket if littlebox-oci will not detach or allocate tty");
    }
}
