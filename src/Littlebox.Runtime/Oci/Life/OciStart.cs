using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary><c>start</c>: the program of a created container is executed (runtime-spec, runtime.md, Start).</summary>
public static class OciStart
{
    /// <summary>Starts a container; returns when its program has been executed.</summary>
    /// <exception cref="LittleboxException">It does not exist, is not in the state created, or its program could not be executed.</exception>
    public static void Start(OciStore store, string id)
    {
        using OciDirectory directory = store.Open(id);
        OciStatus status = OciStatusOf.Container(directory, out _);
        if (status != OciStatus.Created)
            throw new LittleboxException(ErrorKind.InvalidArgument, $"cannot start container {id}: it is {OciStatusOf.Word(status)}, and only one that has been created can be started");
        using var channel = new BootChannel(Kernel.ConnectTo(directory.ShortPath(OciStore.StartSocket), stream: false));
        // From here on it is started: a second start finds no socket.
        Kernel.TryUnlinkAt(directory.Number, OciStore.StartSocket);
        while (true)
        {
            BootMessage message = channel.Receive(out Descriptor? passed) ?? default;
            passed?.Dispose();
            switch (message.Kind)
            {
                case MessageKind.Closed:
                    return;
                case MessageKind.Failed:
                    throw new LittleboxException(ErrorKind.CommandNotExecutable, $"container {id}: its program could not be executed: {message.Error.Describe()}");
                default:
                    channel.Answer();
                    break;
            }
        }
    }
}
