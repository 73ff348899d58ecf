namespace Littlebox.Oci;

/// <summary>An entry of <c>uidMappings</c> or <c>gidMappings</c> (config-linux.md, User namespace mappings).</summary>
/// <param name="ContainerId"><c>containerID</c>: the first id inside.</param>
/// <param name="HostId"><c>hostID</c>: the first id outside.</param>
/// <param name="Size"><c>size</c>: how many.</param>
public sealed record LinuxIdMapping(uint ContainerId, uint HostId, uint Size);
