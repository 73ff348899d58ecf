using System.Globalization;
using System.Text;
using Littlebox.Linux;
using Littlebox.OciCli.CommandLine;
using Littlebox.Plan;
using Littlebox.Runtime.Oci.Life;

namespace Littlebox.OciCli.Verbs;

/// <summary>The flags of <c>create</c>, <c>run</c> and <c>exec</c> that say how a process is attached.</summary>
internal static class Attachment
{
    /// <summary>Reads them.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="detached">It is left behind whatever the command line says: create.</param>
    /// <param name="listening">How many sockets this process was given to pass on (<see cref="Listening"/>): those that are preserved come behind them.</param>
    public static OciProcessOptions Of(ParsedFlags line, bool detached = false, int listening = 0)
    {
        string? pidFile = line.Value("pid-file"), pidfdSocket = line.Value("pidfd-socket");
        return new OciProcessOptions
        {
            Detached = detached || line.Has("detach"),
            Document = line.Value("process") is { Length: > 0 } file ? file : null,
            CGroups = line.Values("cgroup"),
            Fault = line.Value("inject-fault") is { } fault ? Fault.Parse(fault) : null,
            IgnoresPause = line.Has("ignore-paused"),
            Preserved = line.Value("preserve-fds") is { } given ? Count(given, 3 + listening) : 0,
            OnConsole = line.Value("console-socket") is { Length: > 0 } socket ? master => DescriptorSocket.Send(socket, "console", master) : null,
            OnProcess = pidFile is null && pidfdSocket is null ? null : pid =>
            {
                if (pidfdSocket is { Length: > 0 }) DescriptorSocket.Send(pidfdSocket, "pidfd", new Descriptor(Kernel.PidfdOpen(pid)));
                if (pidFile is { Length: > 0 }) NamedFile.Write(pidFile, Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture)));
            },
        };
    }

    /// <summary>How many sockets from descriptor 3 on the one who started this process gives its service (sd_listen_fds(3)).</summary>
    public static int Listening() =>
        Environment.GetEnvironmentVariable("LISTEN_PID") == Kernel.ProcessId.ToString(CultureInfo.InvariantCulture)
        && int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0;

    // What this process was not given itself it cannot pass on.
    private static int Count(string given, int first)
    {
        if (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int count)) throw new LittleboxException(ErrorKind.InvalidArgument, $"--preserve-fds {given}: not a number");
        for (int i = 0; i < count; i++)
        {
            if (!Kernel.IsInheritable(first + i)) throw new LittleboxException(ErrorKind.InvalidArgument, $"unable to stat preserved-fd {i} (of {count}): descriptor {first + i} is not open");
        }
        return count;
    }
}
