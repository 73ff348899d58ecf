using Littlebox.Linux;
using Littlebox.Runtime.Request;

namespace Littlebox.Engine.Options;

/// <summary>Reads <c>-v</c>, <c>--mount</c> and <c>--tmpfs</c> as docker and podman write them.</summary>
public static class MountParser
{
    private const string VolumeForms = "SOURCE:TARGET[:OPTION,…], with options ro, rw, nosuid, nodev, noexec, private, rprivate, slave, rslave, shared, rshared, bind, rbind";
    private const string MountForms = "type=bind,source=PATH,target=PATH[,readonly][,bind-propagation=rprivate|rslave|rshared][,bind-nonrecursive]; type=tmpfs,target=PATH[,tmpfs-size=BYTES (64m)][,tmpfs-mode=OCTAL]";
    private const string TmpfsForms = "TARGET[:OPTION,…], with options size=BYTES or size=N% (BYTES and nr_inodes= with k, m, g, t: 64m), mode=OCTAL, uid=, gid=, nr_inodes=, ro, exec, dev, suid";
    private const MountAttributes Harmless = MountAttributes.NoSetId | MountAttributes.NoDevices | MountAttributes.NoExecute;

    /// <summary>One <c>-v</c>.</summary>
    /// <exception cref="LittleboxException">It has another form, or its source is missing.</exception>
    public static MountRequest Volume(string text)
    {
        const string Field = "--volume";
        Texts.NoControl(Field, text);
        string[] parts = text.Split(':');
        if (parts.Length is < 2 or > 3 || parts[0].Length == 0) throw Texts.Refuse(Field, text, "not a source and a target", VolumeForms);
        if (!parts[0].StartsWith('/') && !parts[0].StartsWith('.'))
            throw Texts.Refuse(Field, text, $"'{parts[0]}' is not a path (named volumes do not exist here); write ./{parts[0]} for a directory", VolumeForms);
        MountRequest mount = Bind(Field, text, parts[0], parts[1]);
        if (parts.Length == 3)
        {
            foreach (string option in parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries)) mount = WithOption(mount, option) ?? throw Texts.Refuse(Field, text, $"there is no option '{option}'", VolumeForms);
        }
        return mount;
    }

    /// <summary>One <c>--mount</c>.</summary>
    /// <exception cref="LittleboxException">It has another form, or its source is missing.</exception>
    public static MountRequest Mount(string text)
    {
        const string Field = "--mount";
        Texts.NoControl(Field, text);
        string type = "bind", source = "", target = "";
        var rest = new List<(string Key, string Value)>();
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=');
            (string key, string value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            switch (key)
            {
                case "type": type = value; break;
                case "source" or "src": source = value; break;
                case "target" or "dst" or "destination": target = value; break;
                case "readonly" or "ro" or "bind-propagation" or "bind-nonrecursive" or "tmpfs-size" or "tmpfs-mode": rest.Add((key, value)); break;
                default: throw Texts.Refuse(Field, text, $"there is no key '{key}'", MountForms);
            }
        }
        if (target.Length == 0) throw Texts.Refuse(Field, text, "target= is missing", MountForms);
        MountRequest mount = type switch
        {
            "bind" when source.Length == 0 => throw Texts.Refuse(Field, text, "source= is missing", MountForms),
            "bind" => Bind(Field, text, source, target),
            "tmpfs" when source.Length > 0 => throw Texts.Refuse(Field, text, "a tmpfs has no source", MountForms),
            "tmpfs" => EmptyTmpfs(Field, text, target),
            _ => throw Texts.Refuse(Field, text, $"there is no type '{type}'", MountForms),
        };
        foreach ((string key, string value) in rest)
        {
            mount = (key, value, mount.Kind) switch
            {
                ("readonly" or "ro", "" or "true" or "1", _) => mount with { ReadOnly = true },
                ("readonly" or "ro", "false" or "0", _) => mount with { ReadOnly = false },
                ("bind-propagation", _, MountKind.Bind) when WithOption(mount, value) is { } changed && value is not ("ro" or "rw") => changed,
                ("bind-nonrecursive", "" or "true" or "1", MountKind.Bind) => mount with { Recursive = false },
                ("tmpfs-size", _, MountKind.Tmpfs) when TmpfsValues.IsSize(value) => mount with { Options = [.. mount.Options, new("size", value)] },
                ("tmpfs-mode", _, MountKind.Tmpfs) when TmpfsValues.IsMode(value) => mount with { Options = [.. mount.Options, new("mode", value)] },
                _ => throw Texts.Refuse(Field, text, $"'{(value.Length == 0 ? key : $"{key}={value}")}' is not a key of type={type}, or not a value for it", MountForms),
            };
        }
        return mount;
    }

    /// <summary>One <c>--tmpfs</c>.</summary>
    /// <exception cref="LittleboxException">It has another form.</exception>
    public static MountRequest Tmpfs(string text)
    {
        const string Field = "--tmpfs";
        Texts.NoControl(Field, text);
        int colon = text.IndexOf(':');
        MountRequest mount = EmptyTmpfs(Field, text, colon < 0 ? text : text[..colon]);
        foreach (string option in colon < 0 ? [] : text[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = option.IndexOf('=');
            (string key, string value) = equals < 0 ? (option, "") : (option[..equals], option[(equals + 1)..]);
            mount = (key, value) switch
            {
                ("ro", "") => mount with { ReadOnly = true },
                ("rw", "") => mount with { ReadOnly = false },
                ("exec", "") => mount with { Attributes = mount.Attributes & ~MountAttributes.NoExecute },
                ("dev", "") => mount with { Attributes = mount.Attributes & ~MountAttributes.NoDevices },
                ("suid", "") => mount with { Attributes = mount.Attributes & ~MountAttributes.NoSetId },
                ("noexec" or "nodev" or "nosuid", "") => mount,
                ("mode", _) when TmpfsValues.IsMode(value) => mount with { Options = [.. mount.Options, new(key, value)] },
                ("size", _) when TmpfsValues.IsSize(value) => mount with { Options = [.. mount.Options, new(key, value)] },
                ("nr_inodes", _) when TmpfsValues.IsCount(value) => mount with { Options = [.. mount.Options, new(key, value)] },
                ("uid" or "gid", _) when TmpfsValues.IsId(value) => mount with { Options = [.. mount.Options, new(key, value)] },
                ("size" or "nr_inodes" or "uid" or "gid" or "mode", _) => throw Texts.Refuse(Field, text, $"'{value}' is no value for {key}=", TmpfsForms),
                _ => throw Texts.Refuse(Field, text, $"there is no option '{option}'", TmpfsForms),
            };
        }
        return mount;
    }

    private static MountRequest Bind(string field, string text, string source, string target)
    {
        string path = Texts.HostPath(source);
        int found = Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, path, follow: true, out _);
        if (found < 0)
            throw Texts.Refuse(field, text, $"the source {path} cannot be mounted: {Kernel.ErrorOf(found).Describe().ToLowerInvariant()}; make it first", "a directory or file that exists");
        return new MountRequest { Kind = MountKind.Bind, Source = path, Target = Target(field, text, target), Field = $"{field}={text}" };
    }

    private static MountRequest EmptyTmpfs(string field, string text, string target) =>
        new() { Kind = MountKind.Tmpfs, Target = Target(field, text, target), Attributes = Harmless, Field = $"{field}={text}" };

    private static string Target(string field, string text, string target)
    {
        string path = Texts.InsidePath(field, text, target);
        if (path == "/") throw Texts.Refuse(field, text, "the target is the root itself", "a path below /");
        return path;
    }

    private static MountRequest? WithOption(MountRequest mount, string option) => option switch
    {
        "ro" => mount with { ReadOnly = true },
        "rw" => mount with { ReadOnly = false },
        "private" or "rprivate" => mount with { Propagation = MountFlags.Private },
        "slave" or "rslave" => mount with { Propagation = MountFlags.Slave },
        "shared" or "rshared" => mount with { Propagation = MountFlags.Shared },
        "nosuid" => mount with { Attributes = mount.Attributes | MountAttributes.NoSetId },
        "nodev" => mount with { Attributes = mount.Attributes | MountAttributes.NoDevices },
        "noexec" => mount with { Attributes = mount.Attributes | MountAttributes.NoExecute },
        "bind" => mount with { Recursive = false },
        "rbind" => mount with { Recursive = true },
        _ => null,
    };
}
