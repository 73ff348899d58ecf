using Littlebox.Images;
using Littlebox.Runtime.State;

namespace Littlebox.Engine;

/// <summary>What every command begins with: putting away what a littlebox that was killed has left behind.</summary>
public static class Housekeeping
{
    /// <summary>Ends and removes containers without a littlebox, and removes roots that are only half unpacked.</summary>
    /// <param name="store">The containers of this user.</param>
    public static void Tidy(StateStore store)
    {
        Runtime.State.Tidy.All(store);
        new RootStore(DataDirectory.ForThisUser()).Tidy();
    }
}
