using Littlebox.Linux;
using Littlebox.Runtime;
using Littlebox.Runtime.Ids;
using Littlebox.Runtime.Request;
using Littlebox.Runtime.State;
using Littlebox.Runtime.Users;

namespace Littlebox.Engine.Options;

/// <summary>Makes a request of options: every string is checked, every name looked up, before anything is touched.</summary>
public sealed class RequestResolver(StateStore store, RootResolver roots)
{
    /// <summary>Makes the request.</summary>
    /// <exception cref="LittleboxException">An option is wrong; it is named, and its valid forms.</exception>
    public ContainerRequest Resolve(RunOptions options)
    {
        string name = options.Name ?? ContainerName.MakeUp();
        ContainerName.Check(name, "--name");
        string hostName = Texts.HostName(options.HostName ?? (name.Length > 64 ? name[..64] : name));
        NamespaceChoices namespaces = Namespaces(options, out bool newUser);
        if (options.HostName is not null && namespaces.Uts.Source != NamespaceSource.Private)
            throw new LittleboxException(ErrorKind.InvalidArgument, "--hostname: the uts namespace is shared, and setting its name would change somebody else's; leave one of --hostname and --uts out");

        Texts.NoControl("--user", options.User ?? "");
        Texts.NoControl("--pidfile", options.PidFile ?? "");
        foreach (string capability in options.AddCapabilities) Texts.NoControl("--cap-add", capability);
        foreach (string capability in options.DropCapabilities) Texts.NoControl("--cap-drop", capability);

        // Cheap checks before the root, which may have to be unpacked.
        List<MountRequest> mounts = [];
        foreach (string text in options.Volumes) mounts.Add(MountParser.Volume(text));
        foreach (string text in options.Mounts) mounts.Add(MountParser.Mount(text));
        foreach (string text in options.Tmpfs) mounts.Add(MountParser.Tmpfs(text));
        ulong capabilities = CapabilitySet.Change(options.Privileged ? CapabilitySet.Full : CapabilitySet.Default, options.AddCapabilities, options.DropCapabilities);
        string directory = options.WorkingDirectory is null ? "/" : Texts.InsidePath("--workdir", options.WorkingDirectory, options.WorkingDirectory);
        foreach (string word in options.Command) Texts.NoControl("COMMAND", word, newlines: true);
        if (options.Command is ["", ..]) throw Texts.Refuse("COMMAND", "", "it is empty", "a program and its arguments");
        if (options.Namespaces.TryGetValue("userns", out _) && newUser == false && (options.UidMap.Count > 0 || options.GidMap.Count > 0))
            throw new LittleboxException(ErrorKind.InvalidArgument, "--uidmap, --gidmap: they belong to a new user namespace (--userns=private)");
        IdMappings? mappings = newUser ? IdMapResolver.Resolve(options.UidMap, options.GidMap) : null;

        RootSource root = roots.Resolve(options.Root, inUserNamespace: Kernel.EffectiveUid != 0);
        UserIds user = UserOf(root, options.User);
        CheckMapped(user, mappings);

        IReadOnlyList<string> command = options.Command.Count > 0 ? options.Command : ["/bin/sh"];
        return new ContainerRequest
        {
            Name = name,
            StateDirectory = $"{store.Containers}/{name}",
            Root = root,
            ReadOnlyRoot = options.ReadOnly,
            HostName = hostName,
            Namespaces = namespaces,
            Mappings = mappings,
            InUserNamespace = newUser || namespaces.User.Source == NamespaceSource.Path || Kernel.EffectiveUid != 0 || !UserNamespace.IsInitial,
            NetworkFiles = NetworkFiles(root),
            IdMappedRoot = newUser && Kernel.EffectiveUid == 0 && mappings!.Uids[0].Outside != 0,
            RootIsAnother = mappings is not null && mappings.Uids.First(static range => range.Inside == 0).Outside != Kernel.EffectiveUid,
            Command = command,
            Environment = EnvironmentBuilder.Build(options.Environment, user.Home, hostName, options.Terminal),
            WorkingDirectory = directory,
            User = user,
            // The outer ones first, as docker does, so that none hides another.
            Mounts = mounts.Count < 2 ? mounts : [.. mounts.OrderBy(static mount => mount.Target.AsSpan().Count('/'))],
            Capabilities = capabilities,
            Unmasked = options.Privileged,
            Init = options.Init,
            Terminal = options.Terminal,
            KeepInput = options.Interactive,
            // A network of the container's own reaches no name server of the host.
            ResolvConf = namespaces.Network.Source == NamespaceSource.Private ? "# no network but the loopback\n" : SmallFile.TryReadText("/etc/resolv.conf"),
        };
    }

    // /etc/resolv.conf is often a link into /run, which is empty in a container: then what it names is made there.
    private static string[] NetworkFiles(RootSource root)
    {
        string[] places = ["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];
        if (root.Making is not null) return places;
        using RootDirectory inside = RootDirectory.Open(root.Directory);
        for (int i = 0; i < places.Length; i++) places[i] = FollowLinks(inside, places[i]);
        return places;
    }

    private static string FollowLinks(RootDirectory root, string path)
    {
        for (int links = 0; links < 8; links++)
        {
            using Descriptor? found = root.TryOpenFile(path, OpenFlags.PathOnly | OpenFlags.NoFollow, out _);
            if (found is null || Kernel.TryReadLinkAt(found.Number, "", out string? target) < 0) break;
            path = Path.GetFullPath(target!.StartsWith('/') ? target : $"{path[..path.LastIndexOf('/')]}/{target}");
        }
        return path;
    }

    private static UserIds UserOf(RootSource root, string? user)
    {
        if (root.Making is not null)
        {
            if (user is null) return UserIds.Root;
            throw new LittleboxException(ErrorKind.InvalidArgument, $"--user={user}: the root's own passwd file decides who that is, and the root is not there yet: run it once, then it can be explained");
        }
        using RootDirectory inside = RootDirectory.Open(root.Directory);
        return UserLookup.Find(inside, user ?? "");
    }

    private NamespaceChoices Namespaces(RunOptions options, out bool newUser)
    {
        var choices = new NamespaceChoices();
        if (Kernel.EffectiveUid != 0 || options.UidMap.Count > 0 || options.GidMap.Count > 0) choices.User = NamespaceChoice.Private;
        foreach ((string option, string value) in options.Namespaces)
        {
            NamespaceChoice choice = NamespaceParser.Parse(option, value, store);
            switch (option)
            {
                case "net": choices.Network = choice; break;
                case "pid": choices.Pid = choice; break;
                case "ipc": choices.Ipc = choice; break;
                case "uts": choices.Uts = choice; break;
                case "cgroupns": choices.CGroup = choice; break;
                case "userns": choices.User = choice; break;
                case "time": choices.Time = choice; break;
            }
        }
        if (Kernel.EffectiveUid != 0 && choices.User.Source == NamespaceSource.Host)
            throw new LittleboxException(ErrorKind.NotSupported, "--userns=host: only root may make the other namespaces without a user namespace; leave the option out, or be root");
        newUser = choices.User.Source == NamespaceSource.Private;
        return choices;
    }

    private static void CheckMapped(UserIds user, IdMappings? mappings)
    {
        if (mappings is null) return;
        if (!mappings.HasUid(user.Uid) || !mappings.HasGid(user.Gid))
            throw new LittleboxException(ErrorKind.InvalidArgument, $"--user: {user.Uid}:{user.Gid} does not exist in the container's user namespace, which maps {(mappings.Single ? "only id 0" : string.Join(", ", mappings.Uids.Select(static range => $"{range.Inside} to {range.Inside + range.Count - 1}")))}; "
                + "an ordinary user gets more ids by /etc/subuid and /etc/subgid (package uidmap)");
    }
}
