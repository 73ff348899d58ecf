using System.Globalization;
using System.Text;
using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Images.Unpack;
using Littlebox.Linux;

namespace Littlebox.Cli.Verbs;

/// <summary>
/// What a person sees of unpacking: on a terminal how far it is, and at the end what was left out. Signals that end (Ctrl-C) stop it between two
/// parts, so that what was unpacked is removed.
/// </summary>
internal sealed class UnpackProgress : IDisposable
{
    private static readonly int[] Ending = [Signal.Interrupt, Signal.Terminate, Signal.Hangup, Signal.Quit];

    private readonly bool shown = Kernel.IsTerminal(Output.Error);
    private SignalPipe? signals;
    private int percent = -1;

    /// <summary>Shows progress in whole percents.</summary>
    /// <exception cref="CommandException">A signal came: exit code 128+n.</exception>
    public void Show(long done, long total)
    {
        StopIfAsked();
        int now = total > 0 ? (int)(done * 100 / total) : 0;
        if (!shown || now == percent) return;
        percent = now;
        Kernel.TryWrite(Output.Error, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\runpacking {now,3} %")));
    }

    /// <summary>Prints what was left out.</summary>
    public void Finished(UnpackResult result)
    {
        ClearLine();
        foreach (string notice in result.Notices()) Output.WriteErrorLine($"littlebox: {notice}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ClearLine();
        signals?.Dispose();
    }

    // Caught only while there is something to clean up.
    private void StopIfAsked()
    {
        if (signals is null)
        {
            signals = new SignalPipe();
            foreach (int signal in Ending) signals.Catch(signal);
        }
        int came = signals.Next();
        if (came != 0) throw new CommandException("unpacking was interrupted; what had been unpacked is removed", 128 + came);
    }

    private void ClearLine()
    {
        if (percent >= 0) Kernel.TryWrite(Output.Error, "\r\e[K"u8);
        percent = -1;
    }
}
