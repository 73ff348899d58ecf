namespace Littlebox.Oci;

/// <summary>An entry of <c>linux.netDevices</c> (config-linux.md, Network Devices).</summary>
/// <param name="HostName">The key: the device's name on the host.</param>
/// <param name="Name"><c>name</c>: its name inside, which may be a template with <c>%d</c>; null keeps the host's.</param>
public sealed record LinuxNetDevice(string HostName, string? Name);
