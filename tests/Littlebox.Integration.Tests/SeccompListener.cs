using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Littlebox.Linux;

namespace Littlebox.Integration.Tests;

/// <summary>An agent of seccomp_unotify(2): takes the listeners that come over its socket, and answers what it is asked. Disposing of it ends it.</summary>
public sealed partial class SeccompListener : IDisposable
{
    private const uint Receive = 0xc0502100, Send = 0xc0182101; // SECCOMP_IOCTL_NOTIF_RECV, SECCOMP_IOCTL_NOTIF_SEND

    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Func<int, int?> answer;

    /// <summary>Listens.</summary>
    /// <param name="path">The socket.</param>
    /// <param name="answer">The error for the number of a system call; <c>null</c> lets it go on.</param>
    public SeccompListener(string path, Func<int, int?> answer)
    {
        this.answer = answer;
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        Task.Factory.StartNew(Take, TaskCreationOptions.LongRunning);
    }

    /// <summary>What came with the listeners.</summary>
    public BlockingCollection<string> States { get; } = [];

    /// <summary>The numbers of the system calls that were asked about.</summary>
    public ConcurrentQueue<int> Asked { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private void Take()
    {
        try
        {
            while (true)
            {
                using Socket connection = socket.Accept();
                byte[] buffer = new byte[65536];
                int length = Kernel.TryReceive((int)connection.Handle, buffer, out Descriptor? listener);
                if (listener is not null) Task.Factory.StartNew(() => Answer(listener), TaskCreationOptions.LongRunning);
                States.Add(Encoding.UTF8.GetString(buffer, 0, Math.Max(0, length)));
            }
        }
        catch (SocketException)
        {
            // The test is over.
        }
    }

    private unsafe void Answer(Descriptor listener)
    {
        using (listener)
        {
            ulong* request = stackalloc ulong[10]; // struct seccomp_notif: id, pid and flags, then seccomp_data with the number first
            ulong* response = stackalloc ulong[3]; // struct seccomp_notif_resp: id, value, error and flags
            while (true)
            {
                PollDescriptor[] polled = [new() { Descriptor = listener.Number, Events = PollEvents.Readable }];
                Kernel.Poll(polled);
                if ((polled[0].Returned & PollEvents.Readable) == 0) return;
                new Span<ulong>(request, 10).Clear();
                if (Ioctl(listener.Number, Receive, (nint)request) < 0) continue;
                int number = (int)request[2];
                Asked.Enqueue(number);
                int? error = answer(number);
                (response[0], response[1], response[2]) = (request[0], 0, error is { } given ? (uint)-given : 1UL << 32); // SECCOMP_USER_NOTIF_FLAG_CONTINUE
                Ioctl(listener.Number, Send, (nint)response);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(int descriptor, nuint request, nint argument);
}
