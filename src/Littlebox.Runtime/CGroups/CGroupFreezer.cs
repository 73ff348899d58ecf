using System.Diagnostics;
using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>Stops all processes of a container where they are, and lets them go on.</summary>
public static class CGroupFreezer
{
    /// <summary>How long it may take, in milliseconds. A process in an uninterruptible wait (a dead NFS server) may never freeze.</summary>
    public const int DefaultLimit = 10_000;

    /// <summary>Freezes, and waits until all processes have stopped.</summary>
    /// <exception cref="LittleboxException">There is no freezer, or the processes do not stop in time; then they have been let go again.</exception>
    public static void Freeze(ContainerCGroups cgroups, int milliseconds = DefaultLimit)
    {
        CGroupMember member = Member(cgroups) ?? throw new LittleboxException(ErrorKind.NotSupported, "the container cannot be paused: no cgroup of it has a freezer");
        Errno error = member.IsUnified ? FreezeUnified(member.Node, milliseconds) : FreezeLegacy(member.Node, milliseconds);
        if (error is Errno.None) return;
        // Half frozen is worse than running.
        Thaw(cgroups);
        throw new LittleboxException(ErrorKind.SystemError, error is Errno.ETIMEDOUT
            ? $"the processes in {member.Node.Path} have not stopped in {milliseconds} ms: one of them waits in the kernel; they go on"
            : $"the processes in {member.Node.Path} cannot be paused: {error.Describe()}");
    }

    /// <summary>Lets the processes go on. Does nothing where they run.</summary>
    /// <exception cref="LittleboxException">The kernel refuses.</exception>
    public static void Thaw(ContainerCGroups cgroups)
    {
        if (Member(cgroups) is not { } member) return;
        Errno error = member.IsUnified ? member.Node.TryWrite("cgroup.freeze", "0") : member.Node.TryWrite("freezer.state", "THAWED");
        if (error is not (Errno.None or Errno.ENOENT or Errno.ENODEV))
            throw new LittleboxException(ErrorKind.SystemError, $"the processes in {member.Node.Path} cannot be let go: {error.Describe()}");
    }

    /// <summary>True where the container itself is frozen, or about to be; not where a cgroup above it is.</summary>
    public static bool IsFrozen(ContainerCGroups cgroups) => Member(cgroups) is { } member && IsFrozen(member);

    /// <summary>The same from a container's record, by one file: version 1 first. False where there is none.</summary>
    /// <param name="paths">As <see cref="ContainerCGroups.Paths"/>.</param>
    public static bool IsFrozen(IReadOnlyDictionary<string, string> paths)
    {
        if (!paths.TryGetValue("freezer", out string? path) && !paths.TryGetValue("", out path)) return false;
        Span<byte> buffer = stackalloc byte[16];
        return SmallFile.TryRead(path + (paths.ContainsKey("freezer") ? "/freezer.self_freezing" : "/cgroup.freeze"), buffer) > 0 && buffer[0] == '1';
    }

    internal static bool IsFrozen(CGroupMember member) =>
        member.Node.TryRead(member.IsUnified ? "cgroup.freeze" : "freezer.self_freezing")?.Trim() == "1";

    // Version 1 first, as runc and other tools look there in a hybrid layout.
    internal static CGroupMember? Member(ContainerCGroups cgroups) => cgroups.Members.FirstOrDefault(static member => member.Controllers.Contains("freezer") && !member.IsUnified)
        ?? cgroups.Unified;

    private static Errno FreezeUnified(ICGroupNode node, int milliseconds)
    {
        long deadline = Environment.TickCount64 + milliseconds;
        // Opened before the write: poll reports what changes after the last read.
        int opened = Kernel.TryOpenAt2(node.Descriptor, "cgroup.events", OpenFlags.ReadOnly);
        if (opened < 0) return Kernel.ErrorOf(opened);
        using var events = new Descriptor(opened);
        Errno error = node.TryWrite("cgroup.freeze", "1");
        if (error is not Errno.None) return error;
        Span<PollDescriptor> wait = [new PollDescriptor { Descriptor = opened, Events = PollEvents.Priority }];
        while (true)
        {
            Kernel.Lseek(opened, 0);
            if (SmallFile.Read(opened) is { } bytes && System.Text.Encoding.ASCII.GetString(bytes).Contains("frozen 1")) return Errno.None;
            long left = deadline - Environment.TickCount64;
            if (left <= 0) return Errno.ETIMEDOUT;
            Kernel.Poll(wait, (int)left);
        }
    }

    // The freezer of version 1 stays FREEZING while processes appear in it, and looks again only when it is read or written. Letting go now and
    // then helps it over a fork that it has missed.
    private static Errno FreezeLegacy(ICGroupNode node, int milliseconds)
    {
        long began = Stopwatch.GetTimestamp();
        for (int round = 1; ; round++)
        {
            if (round % 50 == 0)
            {
                node.TryWrite("freezer.state", "THAWED");
                Thread.Sleep(10);
            }
            Errno error = node.TryWrite("freezer.state", "FROZEN");
            if (error is not Errno.None) return error;
            if (node.TryRead("freezer.state")?.Trim() == "FROZEN") return Errno.None;
            if (Stopwatch.GetElapsedTime(began).TotalMilliseconds > milliseconds) return Errno.ETIMEDOUT;
            if (round % 8 == 0) Thread.Sleep(1);
            else Thread.Yield();
        }
    }
}
