namespace Littlebox.Oci;

/// <summary><c>mounts</c>, and the mappings of ids that mounts and <c>linux</c> share.</summary>
internal static class MountReader
{
    public static Mount ReadMount(ref ConfigReader r)
    {
        string? destination = null, type = null, source = null;
        IReadOnlyList<string> options = [];
        IReadOnlyList<LinuxIdMapping> uids = [], gids = [];
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("destination"u8, ref seen, 0)) destination = r.Text();
            else if (r.Is("type"u8, ref seen, 1)) type = r.TextOrNone();
            else if (r.Is("source"u8, ref seen, 2)) source = r.TextOrNone();
            else if (r.Is("options"u8, ref seen, 3)) options = r.Texts();
            else if (r.Is("uidMappings"u8, ref seen, 4)) uids = r.List(ReadIdMapping);
            else if (r.Is("gidMappings"u8, ref seen, 5)) gids = r.List(ReadIdMapping);
            else r.Skip();
        }
        return new()
        {
            Destination = destination ?? throw r.Missing("destination", "a path in the container"),
            Type = type,
            Source = source,
            Options = options,
            UidMappings = uids,
            GidMappings = gids,
        };
    }

    public static LinuxIdMapping ReadIdMapping(ref ConfigReader r)
    {
        uint? inside = null, outside = null, size = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("containerID"u8, ref seen, 0)) inside = r.Unsigned32();
            else if (r.Is("hostID"u8, ref seen, 1)) outside = r.Unsigned32();
            else if (r.Is("size"u8, ref seen, 2)) size = r.Unsigned32();
            else r.Skip();
        }
        return new(
            inside ?? throw r.Missing("containerID", "the first id in the container"),
            outside ?? throw r.Missing("hostID", "the first id on the host"),
            size ?? throw r.Missing("size", "how many ids"));
    }
}
