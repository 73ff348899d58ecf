using System.Text;
using Littlebox.Linux;

namespace Littlebox.OciCli.Verbs;

/// <summary>Gives a descriptor to whoever listens on a SOCK_STREAM socket: <c>--console-socket</c>, <c>--pidfd-socket</c>. Its name goes along as the message, as runc sends it.</summary>
internal static class DescriptorSocket
{
    /// <summary>Sends it, and closes it here.</summary>
    public static void Send(string path, string name, Descriptor descriptor)
    {
        using (descriptor)
        using (Descriptor socket = Kernel.ConnectTo(path, stream: true)) Kernel.SendWithDescriptor(socket.Number, Encoding.UTF8.GetBytes(name), descriptor.Number);
    }
}
