using Littlebox.Linux;
using Littlebox.Runtime.State;

namespace Littlebox.Cli.Completion;

/// <summary>The names of the running containers, for the shells.</summary>
internal static class ContainerNames
{
    /// <summary>The names, of this user's containers only. A TAB must neither fail nor take long: where they cannot be read, there are none.</summary>
    public static IReadOnlyList<string> Running()
    {
        try
        {
            return [.. StateStore.ForThisUser().Running().Select(static container => container.Name)];
        }
        catch (SystemCallException)
        {
            return [];
        }
        catch (LittleboxException)
        {
            return [];
        }
    }
}
