using System.Text;
using Littlebox.Linux;

namespace Littlebox.Runtime.Oci.HookRuns;

/// <summary>
/// What one hook reads and writes: files in memory, so that a hook which reads nothing, or leaves a process behind that keeps its output open, holds up nobody, as it would with pipes.
/// </summary>
internal sealed class HookStreams : IDisposable
{
    private const int Shown = 4096;

    /// <summary>Makes both.</summary>
    /// <param name="state">The state of the container, as JSON.</param>
    public HookStreams(ReadOnlySpan<byte> state)
    {
        Input = Kernel.MemfdCreate("container state");
        try
        {
            Kernel.Write(Input.Number, state);
            Kernel.Lseek(Input.Number, 0);
            Output = Kernel.MemfdCreate("hook output");
        }
        catch
        {
            Input.Dispose();
            throw;
        }
    }

    /// <summary>Standard input: the state, from its beginning.</summary>
    public Descriptor Input { get; }

    /// <summary>Standard output and standard error.</summary>
    public Descriptor Output { get; }

    /// <summary>The last 4 KiB of what was written; control characters, which a terminal would obey, as question marks.</summary>
    public string Written()
    {
        long length = (long)Kernel.Statx(Output.Number).Size;
        Kernel.Lseek(Output.Number, Math.Max(0, length - Shown));
        byte[] buffer = new byte[Shown];
        int read = Math.Max(0, Kernel.TryRead(Output.Number, buffer));
        return string.Create(read == 0 ? 0 : Encoding.UTF8.GetCharCount(buffer, 0, read), (buffer, read), static (text, written) =>
        {
            Encoding.UTF8.GetChars(written.buffer.AsSpan(0, written.read), text);
            foreach (ref char c in text)
            {
                if (char.IsControl(c) && c is not ('\n' or '\t')) c = '?';
            }
        }).Trim();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Input.Dispose();
        Output.Dispose();
    }
}
