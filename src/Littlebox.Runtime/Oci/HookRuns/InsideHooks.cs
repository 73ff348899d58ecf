using System.Globalization;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.HookRuns;

/// <summary>
/// The host's side of the hook points of a child. Hooks of the runtime's namespaces run here, while the child waits; those of the container's namespaces the child starts beside itself
/// (<see cref="HookSteps"/>), so that they have what it has and no more, and gets from here what they read and write, how long they may take, and what is made of their end.
/// </summary>
/// <param name="state">What hooks are told.</param>
/// <param name="pid">The child, as this process sees it.</param>
internal sealed class InsideHooks(HookState state, Func<int> pid) : IDisposable
{
    private HookStreams? streams;
    private HookPoint point;
    private int index;
    private bool inTime;

    /// <summary>True once a hook may have run: what it set up is taken down by those of <c>poststop</c>.</summary>
    public bool Began { get; private set; }

    /// <summary>The hook that the child is about to execute, for errors; <c>null</c> otherwise.</summary>
    public (HookPoint Point, int Index, Hook Hook)? Starting => streams is null ? null : (point, index, Hook);

    private Hook Hook => state.Spec.Hooks.At(point)[index];

    /// <summary>Handles a message and answers it.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="number">Its number.</param>
    /// <param name="passed">A descriptor that came along; owned from here on.</param>
    /// <param name="answer">Lets the child go on.</param>
    /// <param name="give">Lets it go on with a descriptor.</param>
    /// <exception cref="LittleboxException">A hook failed.</exception>
    public void Handle(MessageKind kind, int number, Descriptor? passed, Action answer, Action<int> give)
    {
        using Descriptor? process = passed;
        switch (kind)
        {
            // To hooks the container is created: they are steps 3 to 7 of its life, and "creating" is step 2 (runtime.md, State). Whoever asks for its state meanwhile hears that create has not come back.
            case MessageKind.Hooks when number < HookSteps.FirstInside:
                Began = true;
                new RuntimeHooks(state).Run((HookPoint)number, OciStatus.Created, pid());
                answer();
                break;
            case MessageKind.Hooks:
                Began = true;
                (point, index) = HookSteps.HookOf(number);
                streams = new HookStreams(state.ToJson(OciStatus.Created, PidInside()));
                answer();
                give(streams.Input.Number);
                give(streams.Output.Number);
                break;
            case MessageKind.HookRuns when process is not null && streams is not null:
                inTime = HookWait.Ended(Hook, process.Number);
                answer();
                break;
            case MessageKind.HookEnded when streams is not null:
                using (HookStreams written = streams)
                {
                    streams = null;
                    var status = new WaitStatus(number);
                    if (!inTime) throw HookError.TimedOut(point, index, Hook, written.Written());
                    if (status.Raw != 0) throw HookError.Ended(point, index, Hook, status, written.Written());
                }
                answer();
                break;
            default:
                throw new SystemCallException("recvmsg(channel)", Errno.EBADMSG);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => streams?.Dispose();

    // "for hooks executed in the container namespace, it is the pid as seen by the container": the last of the numbers that it has (proc_pid_status(5), NSpid).
    private int? PidInside()
    {
        if (SmallFile.TryReadText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid()}/status")) is not { } status) return null;
        foreach (ReadOnlySpan<char> line in status.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("NSpid:", StringComparison.Ordinal) && int.TryParse(line[(line.LastIndexOf('\t') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int inside)) return inside;
        }
        return null;
    }
}
