using System.Buffers;
using System.Text.Json;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Seccomp;

/// <summary>
/// Gives the listener of a filter with SCMP_ACT_NOTIFY to the agent that the profile names (config-linux.md, Seccomp; seccomp_unotify(2)). The child makes no system call between
/// the installing of its filter and the moment when the agent has the descriptor: the descriptor is taken out of it, and it waits turning in a circle.
/// </summary>
public static class SeccompAgent
{
    private const int SocketType = 0xc000; // S_IFSOCK

    /// <summary>Throws where a profile asks for an agent that is not there.</summary>
    /// <param name="profile">The profile.</param>
    /// <exception cref="LittleboxException">So it is.</exception>
    public static void CheckThere(LinuxSeccomp profile)
    {
        string path = profile.ListenerPath!;
        if (Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, path, follow: true, out FileStatus status) < 0 || status.Type != SocketType)
            throw new LittleboxException(ErrorKind.InvalidArgument, $"config.json: /linux/seccomp/listenerPath: found {Linux.Text.Strace.Quote(path)}, which is no socket; allowed: the socket of an agent that listens");
    }

    /// <summary>Answers a child that has announced its filter, and gives the listener to the agent.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="state">What the agent is told of the container and the process.</param>
    /// <param name="announced">The child's message.</param>
    /// <param name="channel">The channel to the child, to be polled.</param>
    /// <param name="answer">Answers the child.</param>
    /// <exception cref="LittleboxException">The agent cannot be reached; the child must be ended.</exception>
    public static void Serve(LinuxSeccomp profile, SeccompAgentState state, BootMessage announced, int channel, Action answer)
    {
        Descriptor socket;
        try
        {
            socket = Kernel.ConnectTo(profile.ListenerPath!, stream: true);
        }
        catch (SystemCallException failure)
        {
            throw new LittleboxException(ErrorKind.SystemError, $"/linux/seccomp/listenerPath: the agent at {profile.ListenerPath} cannot be reached", failure);
        }
        using (socket)
        {
            using Descriptor? listener = Take(state.Pid, announced.Number, channel, answer);
            if (listener is null) return;
            Kernel.SendWithDescriptor(socket.Number, Document(profile, state), listener.Number);
        }
        Kernel.WriteMemory(state.Pid, announced.Address, [1, 0, 0, 0]);
    }

    // The descriptor is there when the filter is. A message of the child, or its end, says that there will be none.
    private static Descriptor? Take(int pid, int number, int channel, Action answer)
    {
        using var process = new Descriptor(Kernel.PidfdOpen(pid));
        answer();
        while (true)
        {
            int taken = Kernel.TryPidfdGetFd(process.Number, number);
            if (taken >= 0) return new Descriptor(taken);
            if (Kernel.ErrorOf(taken) is not (Errno.EBADF or Errno.ESRCH)) Kernel.Check(taken, $"pidfd_getfd(<{pid}>, {number}, 0)");
            if (Kernel.Poll([new PollDescriptor { Descriptor = channel, Events = PollEvents.Readable }], 1) > 0) return null;
        }
    }

    // ContainerProcessState of the spec.
    private static ReadOnlySpan<byte> Document(LinuxSeccomp profile, SeccompAgentState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("ociVersion"u8, state.OciVersion);
            json.WriteStartArray("fds"u8);
            json.WriteStringValue("seccompFd"u8);
            json.WriteEndArray();
            json.WriteNumber("pid"u8, state.Pid);
            if (profile.ListenerMetadata is { Length: > 0 } metadata) json.WriteString("metadata"u8, metadata);
            json.WriteStartObject("state"u8);
            json.WriteString("ociVersion"u8, state.OciVersion);
            json.WriteString("id"u8, state.Id);
            json.WriteString("status"u8, state.Status);
            json.WriteNumber("pid"u8, state.ContainerPid);
            json.WriteString("bundle"u8, state.Bundle);
            if (state.Annotations.Count > 0)
            {
                json.WriteStartObject("annotations"u8);
                foreach ((string key, string value) in state.Annotations) json.WriteString(key, value);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan;
    }
}

/// <summary>What an agent is told of a process whose system calls it will be asked about.</summary>
/// <param name="OciVersion">Of the container's document.</param>
/// <param name="Id">The container's id.</param>
/// <param name="Status">The container's state in the word of the spec.</param>
/// <param name="Pid">The process, as the runtime sees it.</param>
/// <param name="ContainerPid">The container's first process.</param>
/// <param name="Bundle">The container's bundle.</param>
/// <param name="Annotations">The container's annotations.</param>
public sealed record SeccompAgentState(string OciVersion, string Id, string Status, int Pid, int ContainerPid, string Bundle, IReadOnlyList<KeyValuePair<string, string>> Annotations);
