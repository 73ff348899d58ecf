using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// Tells when the kernel runs out of a container's memory: version 1 by an eventfd (kernel, cgroup-v1/memory.rst, OOM Control), version 2 by the counter
/// <c>oom_kill</c> of <c>memory.events</c>. For one thread.
/// </summary>
public sealed class OutOfMemoryWatch : IDisposable
{
    private readonly Descriptor file;
    private readonly bool isUnified;
    private ulong seen;

    private OutOfMemoryWatch(Descriptor file, bool isUnified)
    {
        this.file = file;
        this.isUnified = isUnified;
    }

    /// <summary>What to poll for.</summary>
    public PollDescriptor Polled => new() { Descriptor = file.Number, Events = isUnified ? PollEvents.Priority : PollEvents.Readable };

    /// <summary>Begins to watch; <c>null</c> where no cgroup of the container counts memory.</summary>
    /// <exception cref="LittleboxException">It may not be watched.</exception>
    public static OutOfMemoryWatch? Begin(ContainerCGroups cgroups)
    {
        if (cgroups.Of("memory") is not { } member) return null;
        int opened = Kernel.TryOpenAt2(member.Node.Descriptor, member.IsUnified ? "memory.events" : "memory.oom_control", OpenFlags.ReadOnly, ResolveFlags.Beneath | ResolveFlags.NoSymlinks);
        if (opened < 0) throw Refused(member, Kernel.ErrorOf(opened));
        var control = new Descriptor(opened);
        if (member.IsUnified)
        {
            var watch = new OutOfMemoryWatch(control, isUnified: true);
            watch.seen = watch.Kills();
            return watch;
        }
        using (control)
        {
            Descriptor events = Kernel.EventFd();
            Errno error = member.Node.TryWrite("cgroup.event_control", string.Create(CultureInfo.InvariantCulture, $"{events.Number} {control.Number}"));
            if (error is Errno.None) return new OutOfMemoryWatch(events, isUnified: false);
            events.Dispose();
            throw Refused(member, error);
        }
    }

    /// <summary>True where there is something new; to be called when poll says so. A cgroup that is removed wakes poll too, and is nothing new.</summary>
    /// <param name="cgroups">The container's cgroups.</param>
    public bool Read(ContainerCGroups cgroups)
    {
        if (isUnified)
        {
            ulong before = seen;
            seen = Math.Max(before, Kills());
            return seen > before;
        }
        Kernel.Read(file.Number, stackalloc byte[8]);
        return cgroups.Of("memory")?.Node.TryRead("memory.oom_control") is not null;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private ulong Kills()
    {
        Kernel.Lseek(file.Number, 0);
        try
        {
            foreach (string line in System.Text.Encoding.ASCII.GetString(SmallFile.Read(file.Number) ?? []).Split('\n'))
            {
                if (line.StartsWith("oom_kill ", StringComparison.Ordinal) && ulong.TryParse(line.AsSpan(9), CultureInfo.InvariantCulture, out ulong kills)) return kills;
            }
        }
        catch (SystemCallException)
        {
            // ENODEV: the cgroup has gone.
        }
        return 0;
    }

    private static LittleboxException Refused(CGroupMember member, Errno error) =>
        new(ErrorKind.NotSupported, $"the memory of {member.Node.Path} cannot be watched: {error.Describe()}");
}
