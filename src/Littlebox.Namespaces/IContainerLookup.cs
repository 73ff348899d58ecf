namespace Littlebox.Namespaces;

/// <summary>Turns names of containers into processes. This room does not know what a container is; whoever does implements it.</summary>
public interface IContainerLookup
{
    /// <summary>All running containers with their first processes.</summary>
    IEnumerable<(string Name, int Pid)> All { get; }

    /// <summary>The first process of a running container; <c>null</c> where none has that name or it does not run.</summary>
    int? FindPid(string name);
}

/// <summary>A lookup that knows no container.</summary>
public sealed class NoContainers : IContainerLookup
{
    /// <summary>The one there is.</summary>
    public static NoContainers Instance { get; } = new();

    /// <inheritdoc/>
    public IEnumerable<(string Name, int Pid)> All => [];

    /// <inheritdoc/>
    public int? FindPid(string name) => null;
}
