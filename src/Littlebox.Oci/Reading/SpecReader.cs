using System.Text.Json;

namespace Littlebox.Oci;

/// <summary>Reads config.json. What it returns has the right types; whether it makes sense is for the checks of the plan.</summary>
public static class SpecReader
{
    /// <summary>Reads a whole document.</summary>
    /// <exception cref="ConfigException">It is no JSON, too large, or of the wrong types.</exception>
    public static Spec Read(ReadOnlySpan<byte> document, string name = "config.json")
    {
        ConfigReader reader = new(document, name);
        try
        {
            reader.Begin();
            Spec spec = ReadSpec(ref reader);
            reader.End();
            return spec;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw reader.NotJson(e);
        }
    }

    private static Spec ReadSpec(ref ConfigReader r)
    {
        string? version = null, hostname = null, domainname = null;
        Process? process = null;
        Root? root = null;
        IReadOnlyList<Mount> mounts = [];
        Hooks? hooks = null;
        IReadOnlyList<KeyValuePair<string, string>> annotations = [];
        LinuxSection? linux = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("ociVersion"u8, ref seen, 0)) version = r.Text();
            else if (r.Is("process"u8, ref seen, 1)) process = ProcessReader.ReadProcess(ref r);
            else if (r.Is("root"u8, ref seen, 2)) root = ReadRoot(ref r);
            else if (r.Is("hostname"u8, ref seen, 3)) hostname = r.TextOrNone();
            else if (r.Is("domainname"u8, ref seen, 4)) domainname = r.TextOrNone();
            else if (r.Is("mounts"u8, ref seen, 5)) mounts = r.List(MountReader.ReadMount);
            else if (r.Is("hooks"u8, ref seen, 6)) hooks = HooksReader.ReadHooks(ref r);
            else if (r.Is("annotations"u8, ref seen, 7)) annotations = r.TextMap();
            else if (r.Is("linux"u8, ref seen, 8)) linux = LinuxReader.ReadLinux(ref r);
            else r.Skip();
        }
        return new()
        {
            OciVersion = version ?? throw r.Missing("ociVersion", "the version of the spec, 1.0.0 to 1.3"),
            Process = process,
            Root = root ?? throw r.Missing("root", "an object with the path of the root file system"),
            Hostname = hostname,
            Domainname = domainname,
            Mounts = mounts,
            Hooks = hooks ?? Hooks.None,
            Annotations = annotations,
            Linux = linux ?? LinuxSection.Empty,
        };
    }

    private static Root? ReadRoot(ref ConfigReader r)
    {
        string? path = null;
        bool readOnly = false;
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("path"u8, ref seen, 0)) path = r.Text();
            else if (r.Is("readonly"u8, ref seen, 1)) readOnly = r.Boolean() ?? false;
            else r.Skip();
        }
        return new() { Path = path ?? throw r.Missing("path", "the path of the root file system"), Readonly = readOnly };
    }
}
