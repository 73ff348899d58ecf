namespace Littlebox.Oci;

/// <summary>An entry of <c>linux.namespaces</c>: a new one where <paramref name="Path"/> is null, else the one at that absolute path.</summary>
/// <param name="Type"><c>type</c></param>
/// <param name="Path"><c>path</c>; null where it is missing or empty, as engines write it.</param>
public sealed record LinuxNamespace(LinuxNamespaceType Type, string? Path);
