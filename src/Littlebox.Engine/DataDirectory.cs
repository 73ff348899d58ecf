using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Engine;

/// <summary>Where what lasts over a boot is kept: unpacked roots.</summary>
public static class DataDirectory
{
    /// <summary><c>/var/lib/littlebox</c> for root; <c>$XDG_DATA_HOME/littlebox</c> or <c>~/.local/share/littlebox</c> for others.</summary>
    public static string ForThisUser()
    {
        if (Kernel.EffectiveUid == 0) return "/var/lib/littlebox";
        if (ProcessText.Variable("XDG_DATA_HOME") is { } data && data.StartsWith('/')) return data + "/littlebox";
        if (ProcessText.Variable("HOME") is { } home && home.StartsWith('/')) return home + "/.local/share/littlebox";
        return $"/tmp/littlebox-{Kernel.EffectiveUid}/data";
    }
}
