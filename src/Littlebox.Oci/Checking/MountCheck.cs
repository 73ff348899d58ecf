namespace Littlebox.Oci;

/// <summary><c>mounts</c> (config.md, Mounts).</summary>
internal static class MountCheck
{
    public static void Check(Spec spec)
    {
        for (int i = 0; i < spec.Mounts.Count; i++) CheckMount(spec, spec.Mounts[i], i);
    }

    private static void CheckMount(Spec spec, Mount mount, int i)
    {
        bool bind = mount.Type is "bind" or "rbind";
        Wrong.UnlessPath(mount.Destination, () => $"/mounts/{i}/destination", "a path in the container");
        bool remount = false, mapped = mount.UidMappings.Count > 0 || mount.GidMappings.Count > 0;
        for (int j = 0; j < mount.Options.Count; j++)
        {
            bind |= mount.Options[j] is "bind" or "rbind";
            remount |= mount.Options[j] is "remount";
            mapped |= mount.Options[j] is "idmap" or "ridmap";
        }
        // What is mounted already has its source and its type.
        if (bind && !remount) Wrong.UnlessPath(mount.Source ?? throw Wrong.At($"/mounts/{i}/source", "nothing", "the path of what is bound"), () => $"/mounts/{i}/source", "the path of what is bound");
        else if (!bind && !remount && string.IsNullOrEmpty(mount.Type)) throw Wrong.At($"/mounts/{i}/type", "nothing", "a file system, or bind or rbind among the options");
        if (mapped && !bind) throw Wrong.At($"/mounts/{i}", "mapped ids", "them with bind and rbind only: a new file system has the owners of whoever mounts it");
        for (int j = 0; j < mount.Options.Count; j++) CheckOption(spec, mount, bind, i, j);
        IdMappingCheck.CheckRanges(mount.UidMappings, $"/mounts/{i}/uidMappings");
        IdMappingCheck.CheckRanges(mount.GidMappings, $"/mounts/{i}/gidMappings");
        if (mount.UidMappings.Count > 0 && mount.GidMappings.Count == 0) throw Wrong.At($"/mounts/{i}/gidMappings", "nothing", "mappings, as /uidMappings has: a mount maps both");
        if (mount.GidMappings.Count > 0 && mount.UidMappings.Count == 0) throw Wrong.At($"/mounts/{i}/uidMappings", "nothing", "mappings, as /gidMappings has: a mount maps both");
    }

    private static void CheckOption(Spec spec, Mount mount, bool bind, int i, int j)
    {
        string option = mount.Options[j];
        if (option.StartsWith('=')) throw Wrong.At($"/mounts/{i}/options/{j}", Quoted.Of(option), "NAME=VALUE, or a word");
        if (option == "tmpcopyup" && (bind || mount.Type != "tmpfs")) throw Wrong.At($"/mounts/{i}/options/{j}", "tmpcopyup", "it on a mount of type tmpfs");
        if (option is "idmap" or "ridmap" && mount.UidMappings.Count == 0 && spec.Linux.UidMappings.Count == 0 && spec.Linux.Namespace(LinuxNamespaceType.User) is null)
            throw Wrong.At($"/mounts/{i}/options/{j}", $"{option} without mappings", "uidMappings and gidMappings of the mount, or of a user namespace");
    }
}
