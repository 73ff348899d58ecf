namespace Littlebox.Runtime.Request;

/// <summary>What a container's root is made of.</summary>
/// <param name="Directory">Absolute path of a directory of the host.</param>
/// <param name="Overlay">
/// True: the directory is the read-only lower layer of an overlay whose upper layer lies in memory and goes with the container. False: the directory
/// itself, and what the container writes stays there.
/// </param>
/// <param name="Word">What the user wrote: <c>default</c>, <c>host</c>, a path.</param>
public sealed record RootSource(string Directory, bool Overlay, string Word)
{
    /// <summary>With <see cref="Overlay"/>: further directories of the host that get an overlay of their own, at the same path; file systems mounted below the root.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>
    /// With <see cref="Overlay"/>: the root itself is an empty file system in memory with the <see cref="Layers"/>, these links and these empty directories
    /// in it, since the kernel lets nobody in a user namespace take a whole tree apart that has mounts below it. <c>null</c> otherwise.
    /// </summary>
    public IReadOnlyList<(string Name, string Target)>? Links { get; init; }

    /// <summary>What has to be done first to have the directory, in words; <c>null</c> where it is there. Only a plan that is not to be run has it.</summary>
    public string? Making { get; init; }

    /// <summary>Empty directories, where <see cref="Links"/> is set.</summary>
    public IReadOnlyList<string> Empty { get; init; } = [];
}
