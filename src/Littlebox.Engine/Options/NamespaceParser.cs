using Littlebox.Linux;
using Littlebox.Runtime.Request;
using Littlebox.Runtime.State;

namespace Littlebox.Engine.Options;

/// <summary>Reads <c>--net</c> and its kin: <c>private</c>, <c>host</c>, <c>container:NAME</c>, <c>ns:PATH</c>.</summary>
public static class NamespaceParser
{
    private const string Forms = "private, host, container:NAME, ns:PATH";

    /// <summary>Reads one.</summary>
    /// <param name="option">The option without dashes: <c>net</c>.</param>
    /// <param name="value">What the user wrote.</param>
    /// <param name="store">Where containers are looked up.</param>
    public static NamespaceChoice Parse(string option, string value, StateStore store)
    {
        string field = "--" + option;
        Texts.NoControl(field, value);
        if (value is "private" || (option is "net" && value is "none")) return NamespaceChoice.Private;
        if (value is "host") return NamespaceChoice.Host;
        if (value.StartsWith("ns:", StringComparison.Ordinal) && value.Length > 3)
        {
            string path = Texts.HostPath(value[3..]);
            int found = Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, path, follow: true, out _);
            if (found < 0) throw Texts.Refuse(field, value, $"{path}: {Kernel.ErrorOf(found).Describe().ToLowerInvariant()}", Forms);
            if (option is "userns" && IsOurUserNamespace(path))
                throw Texts.Refuse(field, value, "that is the user namespace littlebox is in itself, and the kernel lets nobody join his own; leave the option out to stay in it", Forms);
            return new NamespaceChoice(NamespaceSource.Path, path);
        }
        if (value.StartsWith("container:", StringComparison.Ordinal) && value.Length > 10)
        {
            ContainerRecord container = store.Find(value[10..])
                ?? throw Texts.Refuse(field, value, $"no container of the name '{value[10..]}' runs ('littlebox ps' lists them)", Forms);
            string path = $"/proc/{container.Pid}/ns/{FileOf(option)}";
            // A container that has none of its own shares ours, and so do we.
            return option is "userns" && IsOurUserNamespace(path) ? NamespaceChoice.Host : new NamespaceChoice(NamespaceSource.Path, path);
        }
        throw Texts.Refuse(field, value, "not a namespace", Forms);
    }

    private static bool IsOurUserNamespace(string path) =>
        Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, path, follow: true, out FileStatus theirs) >= 0
        && Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, "/proc/self/ns/user", follow: true, out FileStatus ours) >= 0 && theirs.Identity == ours.Identity;

    private static string FileOf(string option) => option switch
    {
        "cgroupns" => "cgroup",
        "userns" => "user",
        _ => option,
    };
}
