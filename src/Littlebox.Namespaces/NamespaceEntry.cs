using System.Globalization;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Namespaces;

/// <summary>What to run inside namespaces, and how.</summary>
/// <param name="Command">The command and its arguments; the first is looked for in PATH, inside, where it has no slash.</param>
/// <param name="Kinds">Which namespaces to enter. Those that we are in already are left out.</param>
public sealed record EntryRequest(IReadOnlyList<string> Command, NamespaceFlags Kinds)
{
    /// <summary>The environment, as <c>NAME=value</c>.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>A directory of this side to become the root; <c>null</c> means the target process's root where its mount namespace is entered, else no change.</summary>
    public string? Root { get; init; }

    /// <summary>True to take the target process's root without its mount namespace too.</summary>
    public bool FollowRoot { get; init; }

    /// <summary>The directory to begin in, as the command sees it; <c>null</c> means the root where a mount namespace or a root is entered, else no change.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>True to begin in the target process's own working directory.</summary>
    public bool FollowWorkingDirectory { get; init; }

    /// <summary>User id inside; <c>null</c> means 0 where a user namespace is entered, else no change.</summary>
    public uint? Uid { get; init; }

    /// <summary>Group id inside; as <see cref="Uid"/>.</summary>
    public uint? Gid { get; init; }

    /// <summary>Keep user, group and supplementary groups as they are.</summary>
    public bool KeepCredentials { get; init; }
}

/// <summary>Runs a command in the namespaces of something else, as nsenter(1) does. One call at a time.</summary>
public static class NamespaceEntry
{
    // SIGUSR1 and SIGUSR2 are 10 and 12.
    private static readonly int[] Caught = [Signal.Hangup, Signal.Interrupt, Signal.Quit, 10, 12, Signal.Terminate];

    /// <summary>Runs it and waits. Ctrl-C reaches the command by the terminal, since it stays in our process group; other signals are passed on.</summary>
    /// <returns>The exit code of the command: 128 plus the number of the signal that ended it.</returns>
    /// <exception cref="LittleboxException">It could not be started.</exception>
    public static int Run(OpenNamespaces target, EntryRequest request)
    {
        NamespaceFlags kinds = Different(target, request.Kinds);
        using var places = EntryPlaces.Open(target, request, kinds);
        BootBuilder Build(bool keepsText) => EntryProgram.Build(target, request, kinds, places, keepsText);
        List<int> keep = [.. target.Kinds.Select(target.Number), .. places.Numbers];
        if (target.Process is { } pidfd) keep.Add(pidfd.Number);

        // Before the clone: a signal that comes in between must not end us and leave the command without its parent.
        using var signals = new SignalPipe();
        foreach (int signal in Caught) signals.Catch(signal);
        using BootChild child = BootChild.Start(Build(keepsText: false), NamespaceFlags.None, [.. keep]);
        bool started = child.Receive(out int operation, out _) is not MessageKind.Failed;
        LittleboxException? failure = started ? null : EntryFailure.Of(request, Build(keepsText: true), child, child.InProgram(operation));
        if (!started) child.Answer();
        // The channel closes at execve, so that the second clone, where there is one, is there by now.
        if (kinds.HasFlag(NamespaceFlags.Pid) && !child.FollowClone()) throw failure ?? Vanished(target);
        int code = WaitFor(child.Pid, signals);
        return failure is null ? code : throw failure;
    }

    private static int WaitFor(int pid, SignalPipe signals)
    {
        using var process = new Descriptor(Kernel.PidfdOpen(pid));
        Span<PollDescriptor> polled = stackalloc PollDescriptor[2];
        while (true)
        {
            polled[0] = new PollDescriptor { Descriptor = process.Number, Events = PollEvents.Readable };
            polled[1] = new PollDescriptor { Descriptor = signals.Number, Events = PollEvents.Readable };
            Kernel.Poll(polled);
            for (int signal = polled[1].Returned == PollEvents.None ? 0 : signals.Next(); signal != 0; signal = signals.Next())
            {
                // What a terminal sends goes to its whole foreground group, and the command is in ours.
                bool fromTerminal = signal is Signal.Interrupt or Signal.Quit && Kernel.IsTerminal(0);
                if (!fromTerminal) Kernel.TryPidfdSendSignal(process.Number, signal);
            }
            if (polled[0].Returned != PollEvents.None) return Kernel.Wait(pid).ExitCode;
        }
    }

    /// <summary>The kinds among <paramref name="wanted"/> that the target has and that are not our own: to enter a user namespace we are in is an error (setns(2)).</summary>
    public static NamespaceFlags Different(OpenNamespaces target, NamespaceFlags wanted)
    {
        NamespaceFlags different = NamespaceFlags.None;
        foreach (NamespaceFlags kind in NamespaceKinds.All)
        {
            if (!wanted.HasFlag(kind)) continue;
            if (target[kind] is not { } id) throw new LittleboxException(ErrorKind.InvalidArgument, $"{target.Label} has no {NamespaceKinds.NameOf(kind)} namespace to enter");
            // Our children's pid and time namespace is what counts: it may differ from our own.
            string link = kind is NamespaceFlags.Pid or NamespaceFlags.Time ? NamespaceKinds.NameOf(kind) + "_for_children" : NamespaceKinds.NameOf(kind);
            bool same = NamespaceKinds.TryParseLink(Kernel.TryReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/thread-self/ns/{link}")), out NamespaceId own) && own == id;
            if (!same) different |= kind;
        }
        return different;
    }

    private static LittleboxException Vanished(OpenNamespaces target) =>
        new(ErrorKind.SystemError, $"the child that was to enter the namespaces of {target.Label} has been killed");
}
