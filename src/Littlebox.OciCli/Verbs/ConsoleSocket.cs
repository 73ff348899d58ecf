using Littlebox.Boot;
using Littlebox.Linux;

namespace Littlebox.OciCli.Verbs;

/// <summary>Gives a terminal to whoever listens on <c>--console-socket</c> (SCM_RIGHTS over a SOCK_STREAM socket).</summary>
internal static class ConsoleSocket
{
    /// <summary>Sends the master, and closes it here.</summary>
    public static void Send(string path, Descriptor master)
    {
        using (master)
        using (var channel = new BootChannel(Kernel.ConnectTo(path, stream: true))) channel.Answer(master.Number);
    }
}
