namespace Littlebox.Oci;

/// <summary><c>linux.namespaces</c> and <c>linux.timeOffsets</c>.</summary>
internal static class NamespaceReader
{
    public static LinuxNamespace ReadNamespace(ref ConfigReader r)
    {
        int? type = null;
        string? path = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("type"u8, ref seen, 0)) type = r.Choice(Words.Namespaces);
            else if (r.Is("path"u8, ref seen, 1)) path = r.TextOrNone();
            else r.Skip();
        }
        return new((LinuxNamespaceType)(type ?? throw r.Missing("type", Words.OneOf(Words.Namespaces))), path);
    }

    public static IReadOnlyList<LinuxTimeOffset> ReadTimeOffsets(ref ConfigReader r)
    {
        if (!r.OpenObject()) return [];
        List<LinuxTimeOffset> offsets = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (r.NextField()) offsets.Add(ReadTimeOffset(r.Key(seen), ref r));
        return offsets;
    }

    private static LinuxTimeOffset ReadTimeOffset(string clock, ref ConfigReader r)
    {
        long secs = 0;
        uint nanosecs = 0;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("secs"u8, ref seen, 0)) secs = r.Integer() ?? 0;
            else if (r.Is("nanosecs"u8, ref seen, 1)) nanosecs = r.Unsigned32() ?? 0;
            else r.Skip();
        }
        return new(clock, secs, nanosecs);
    }
}
