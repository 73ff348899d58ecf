using Littlebox.Namespaces;
using Littlebox.Runtime.State;

namespace Littlebox.Cli.Verbs.Ns;

/// <summary>The running containers of this user, by their records.</summary>
internal sealed class RunningContainers : IContainerLookup
{
    private readonly StateStore store = StateStore.ForThisUser();

    /// <inheritdoc/>
    public IEnumerable<(string Name, int Pid)> All => store.Running().Select(static container => (container.Name, container.Pid));

    /// <inheritdoc/>
    public int? FindPid(string name) => store.Find(name)?.Pid;
}
