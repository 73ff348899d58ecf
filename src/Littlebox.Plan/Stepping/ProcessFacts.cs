using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.Plan.Stepping;

/// <summary>Who and where a process is, from the small files of /proc/PID (proc(5)).</summary>
internal static class ProcessFacts
{
    private static readonly (string Field, string Name)[] StatusFields =
    [
        ("Uid", "user ids (as we see them)"), ("Gid", "group ids (as we see them)"), ("Groups", "groups"), ("CapEff", "effective capabilities"), ("CapBnd", "capability bounding set"),
        ("CapInh", "inheritable capabilities"), ("NoNewPrivs", "no new privileges"), ("Seccomp", "seccomp mode"), ("Umask", "umask"), ("NSpid", "process ids, outermost first"),
    ];

    /// <summary>Name and value of each fact.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(int pid)
    {
        var facts = new List<(string, string)>();
        string status = SmallFile.TryReadText($"/proc/{pid}/status") ?? "";
        foreach (string line in status.Split('\n'))
        {
            int colon = line.IndexOf(':');
            foreach ((string field, string name) in StatusFields)
            {
                if (colon == field.Length && line.StartsWith(field, StringComparison.Ordinal)) facts.Add((name, Words(line[(colon + 1)..])));
            }
        }
        Add("id map", Words(SmallFile.TryReadText($"/proc/{pid}/uid_map") ?? ""));
        Add("working directory", Kernel.TryReadLink($"/proc/{pid}/cwd"));
        Add("session", SessionOf(pid));
        Add("addresses", AddressesOf(pid));
        return facts;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) facts.Add((name, value));
        }
    }

    /// <summary>The descriptors above 2, and what each points at.</summary>
    public static IReadOnlyList<(string Number, string Target)> DescriptorsOf(int pid)
    {
        int opened = Kernel.TryOpenAt2(Linux.Text.Strace.CurrentDirectory, $"/proc/{pid}/fd", OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened < 0) return [];
        using var directory = new Descriptor(opened);
        var found = new List<(string, string)>();
        foreach (DirectoryEntry entry in Kernel.ReadDirectory(opened))
        {
            if (entry.Name is "0" or "1" or "2") continue;
            if (Kernel.TryReadLink($"/proc/{pid}/fd/{entry.Name}") is { } target) found.Add((entry.Name, target));
        }
        return found;
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // pid (command) state ppid pgrp session …; the command may hold blanks and parentheses.
    private static string? SessionOf(int pid)
    {
        string text = SmallFile.TryReadText($"/proc/{pid}/stat") ?? "";
        string[] fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 3 ? fields[3] : null;
    }

    // The routing table's trie lists an address of this machine, one that is up, as "|-- ADDRESS" and then "/32 host LOCAL".
    private static string? AddressesOf(int pid)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        string? address = null;
        foreach (string line in (SmallFile.TryReadText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/net/fib_trie")) ?? "").Split('\n'))
        {
            int leaf = line.IndexOf("|-- ", StringComparison.Ordinal);
            if (leaf >= 0) address = line[(leaf + 4)..];
            else if (address is not null && line.Contains("/32 host LOCAL", StringComparison.Ordinal)) found.Add(address);
        }
        return found.Count == 0 ? "none" : string.Join(' ', found);
    }
}
