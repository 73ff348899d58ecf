using System.Globalization;
using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Namespaces;
using Littlebox.Runtime.State;

namespace Littlebox.Cli.Verbs.Ns;

/// <summary><c>littlebox ns pin</c>, <c>new</c>, <c>unpin</c> and <c>gc</c>.</summary>
internal static class NsPinCommands
{
    /// <summary><c>ns pin</c>.</summary>
    public static int Pin(ParsedArguments arguments)
    {
        using OpenNamespaces target = NsContext.Targets.Open(arguments.Words[0]);
        NamespaceFlags kinds = NsContext.Kinds(arguments);
        if (kinds == NamespaceFlags.None) kinds = OwnOnes(target);
        string? name = arguments.Words.Count > 1 ? arguments.Words[1] : target.Name;
        var wanted = new List<(NamespaceFlags, string)>();
        foreach (NamespaceFlags kind in NamespaceKinds.All)
        {
            if (!kinds.HasFlag(kind)) continue;
            string? given = arguments.Value(NamespacePins.OptionOf(kind)) ?? name;
            wanted.Add((kind, given ?? throw new UsageException(arguments.Verb, $"{target.Label} has no name of its own; give one: littlebox ns pin {arguments.Words[0]} NAME")));
        }
        if (target.Pid is { } pid) KeepPlaces(pid, wanted);
        Tell(NsContext.Pins.Pin(target, wanted));
        return 0;
    }

    /// <summary><c>ns new</c>.</summary>
    public static int New(ParsedArguments arguments)
    {
        NamespaceFlags kinds = NsContext.Kinds(arguments);
        if (kinds == NamespaceFlags.None) throw new UsageException(arguments.Verb, "say which namespaces to make: --net, --uts, --ipc, --mount, --cgroup, --user or --time");
        bool asRoot = arguments.Has("map-root");
        if (asRoot && !kinds.HasFlag(NamespaceFlags.User)) throw new UsageException(arguments.Verb, "--map-root is of use with --user only");
        Tell(NamespaceMaker.Make(NsContext.Pins, kinds, arguments.Words[0], asRoot ? IdMapping.Root : IdMapping.Identity));
        return 0;
    }

    /// <summary><c>ns unpin</c>.</summary>
    public static int Unpin(ParsedArguments arguments)
    {
        foreach (string name in arguments.Words)
        {
            foreach (NamespacePin pin in NsContext.Pins.Unpin(name, NsContext.Kinds(arguments)))
                Output.WriteLine($"{pin.Path} removed{(pin.Id is { } id ? $", which held {id}" : ", on which nothing was mounted")}");
        }
        return 0;
    }

    /// <summary><c>ns gc</c>.</summary>
    public static int Collect(ParsedArguments arguments)
    {
        bool dryRun = arguments.Has("dry-run");
        int age = new CollectOptions().MinimumAge;
        if (arguments.Value("older-than") is { } text && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out age))
            throw arguments.Reject("older-than", text, "a number of seconds, for instance 60");
        IReadOnlyList<CollectedPin> collected = NsContext.Pins.Collect(new CollectOptions(arguments.Has("dead"), dryRun, age));
        foreach (CollectedPin pin in collected) Output.WriteLine($"{(dryRun ? "would remove" : "removed")} {pin.Path}: {pin.Why}");
        if (collected.Count == 0) Output.WriteLine("nothing to remove");
        return 0;
    }

    // A container's mounts go with the places that were made for them in its root, and those with its last process: unless it is known beforehand that they are needed.
    private static void KeepPlaces(int pid, List<(NamespaceFlags Kind, string Name)> wanted)
    {
        foreach ((NamespaceFlags kind, string name) in wanted)
        {
            if (kind is not NamespaceFlags.Mount) continue;
            int opened = Kernel.TryOpenAt2(Strace.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root"), OpenFlags.PathOnly);
            if (opened < 0) return;
            using var root = new Descriptor(opened);
            MadePlaces.Keep(StateStore.ForThisUser(), opened, NsContext.Pins.Places.PathOf(kind, name));
        }
    }

    private static NamespaceFlags OwnOnes(OpenNamespaces target)
    {
        using OpenNamespaces host = NsContext.Targets.Open("host");
        NamespaceFlags kinds = NamespaceFlags.None;
        foreach (DiffRow row in NamespaceDiff.Compare(target, host))
        {
            if (row is { A: not null, Same: not true }) kinds |= row.Kind;
        }
        if (kinds == NamespaceFlags.None) throw new LittleboxException(ErrorKind.InvalidArgument, $"{target.Label} shares all its namespaces with this machine; name the kinds to pin them all the same, for instance --net");
        return kinds;
    }

    private static void Tell(IReadOnlyList<NamespacePin> pins)
    {
        foreach (NamespacePin pin in pins) Output.WriteLine($"{pin.Id} is kept at {pin.Path}");
    }
}
