namespace Littlebox.Runtime.Request;

/// <summary>What a container's root is made of.</summary>
/// <param name="Directory">Absolute path of a directory of the host.</param>
/// <param name="Overlay">
/// True: the directory is the read-only lower layer of an overlay whose upper layer lies in memory and goes with the container. False: the directory
/// itself, and what the container writes stays there.
/// </param>
/// <param name="Word">What the user wrote: <c>default</c>, <c>host</c>, a path.</param>
public sealed record RootSource(string Directory, bool Overlay, string Word);
