using Littlebox.Linux;
using Littlebox.Runtime.Bus;
using Littlebox.Runtime.Oci;

namespace Littlebox.Runtime.CGroups;

/// <summary>Which systemd makes the cgroups.</summary>
public enum SystemdInstance
{
    /// <summary>That of the machine: PID 1.</summary>
    System,

    /// <summary>That of an ordinary user: <c>user@UID.service</c>, in whose delegated cgroups its units are.</summary>
    User,
}

/// <summary>Finds a systemd and connects to it.</summary>
public static class SystemdInstances
{
    private const string PrivateSocket = "/run/systemd/private", SystemBus = "/run/dbus/system_bus_socket";

    /// <summary>Whose systemd it is: an ordinary user's unless the caller is root. Root of a container that has a systemd of its own (its socket belongs to that root) has that one.</summary>
    /// <param name="rootless"><c>--rootless</c>; <c>null</c> for what the runtime finds.</param>
    public static SystemdInstance Choose(bool? rootless)
    {
        bool ofUser = rootless ?? (Rootless.IsIt() && !(Kernel.EffectiveUid == 0 && Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, PrivateSocket, follow: false, out FileStatus status) >= 0 && status.Uid == 0));
        return ofUser ? SystemdInstance.User : SystemdInstance.System;
    }

    /// <summary>
    /// Connects: to systemd's private socket, for which no bus has to run; else to the bus. For a user the first is in <c>$XDG_RUNTIME_DIR</c>, and the bus that of
    /// <c>DBUS_SESSION_BUS_ADDRESS</c> or <c>$XDG_RUNTIME_DIR/bus</c>.
    /// </summary>
    /// <exception cref="LittleboxException">There is none, or it does not let this user in.</exception>
    public static SystemdClient Connect(SystemdInstance instance)
    {
        var tried = new List<string>();
        foreach ((string path, bool isBus) in instance is SystemdInstance.System ? OfSystem() : OfUser())
        {
            try
            {
                return new SystemdClient(BusConnection.Open(path, isBus), isBus);
            }
            catch (SystemCallException failure)
            {
                tried.Add(failure.Message);
            }
            catch (LittleboxException refused)
            {
                tried.Add(refused.Message);
            }
        }
        throw new LittleboxException(ErrorKind.NotSupported, "--systemd-cgroup: " + (instance is SystemdInstance.System
            ? "there is no systemd to make the cgroups (neither /run/systemd/private nor the system bus answers): have the engine make them itself "
            : "this user has no systemd to make the cgroups: log in so that there is a session (su and sudo make none), or loginctl enable-linger, and set XDG_RUNTIME_DIR to /run/user/UID; "
                + "or have the engine make them itself ")
            + "(podman: cgroup_manager = \"cgroupfs\"; docker: native.cgroupdriver=cgroupfs)", [.. tried]);
    }

    private static IEnumerable<(string Path, bool IsBus)> OfSystem()
    {
        yield return (PrivateSocket, false);
        if (Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS") is { Length: > 0 } address)
        {
            foreach (string path in BusAddress.Files(address, null)) yield return (path, true);
        }
        else yield return (SystemBus, true);
    }

    private static IEnumerable<(string Path, bool IsBus)> OfUser()
    {
        string? runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } given ? given : Kernel.EffectiveUid == 0 ? null : $"/run/user/{Kernel.EffectiveUid}";
        if (runtime is not null) yield return (runtime + "/systemd/private", false);
        if (Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS") is { Length: > 0 } address)
        {
            foreach (string path in BusAddress.Files(address, runtime)) yield return (path, true);
        }
        if (runtime is not null) yield return (runtime + "/bus", true);
    }
}
