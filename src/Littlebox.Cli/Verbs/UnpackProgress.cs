using System.Globalization;
using Littlebox.Cli.Terminal;
using Littlebox.Linux;

namespace Littlebox.Cli.Verbs;

/// <summary>Shows on a terminal how far an archive has been unpacked; elsewhere nothing.</summary>
internal sealed class UnpackProgress : IDisposable
{
    private readonly bool shown = Kernel.IsTerminal(Output.Error);
    private int percent = -1;

    /// <summary>Shows progress in whole percents.</summary>
    public void Show(long done, long total)
    {
        int now = total > 0 ? (int)(done * 100 / total) : 0;
        if (!shown || now == percent) return;
        percent = now;
        Kernel.TryWrite(Output.Error, System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\runpacking {now,3} %")));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (percent >= 0) Kernel.TryWrite(Output.Error, "\r\e[K"u8);
    }
}
