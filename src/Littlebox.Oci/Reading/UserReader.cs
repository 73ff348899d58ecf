namespace Littlebox.Oci;

/// <summary><c>process.user</c>, <c>process.capabilities</c> and <c>process.rlimits</c>.</summary>
internal static class UserReader
{
    public static User? ReadUser(ref ConfigReader r)
    {
        uint uid = 0, gid = 0;
        uint? umask = null;
        IReadOnlyList<uint> groups = [];
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            // Null is what a missing field is, and to be root must be said: so here it is an error.
            if (r.Is("uid"u8, ref seen, 0)) uid = r.Unsigned32() ?? throw r.Bad("a user id");
            else if (r.Is("gid"u8, ref seen, 1)) gid = r.Unsigned32() ?? throw r.Bad("a group id");
            else if (r.Is("umask"u8, ref seen, 2)) umask = r.Unsigned32();
            else if (r.Is("additionalGids"u8, ref seen, 3)) groups = r.List(static (ref r) => r.Unsigned32() ?? throw r.Bad("a group id"));
            else r.Skip();
        }
        return new() { Uid = uid, Gid = gid, Umask = umask, AdditionalGids = groups };
    }

    public static LinuxCapabilities? ReadCapabilities(ref ConfigReader r)
    {
        IReadOnlyList<string> bounding = [], effective = [], inheritable = [], permitted = [], ambient = [];
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("bounding"u8, ref seen, 0)) bounding = r.Texts();
            else if (r.Is("effective"u8, ref seen, 1)) effective = r.Texts();
            else if (r.Is("inheritable"u8, ref seen, 2)) inheritable = r.Texts();
            else if (r.Is("permitted"u8, ref seen, 3)) permitted = r.Texts();
            else if (r.Is("ambient"u8, ref seen, 4)) ambient = r.Texts();
            else r.Skip();
        }
        return new() { Bounding = bounding, Effective = effective, Inheritable = inheritable, Permitted = permitted, Ambient = ambient };
    }

    public static Rlimit ReadRlimit(ref ConfigReader r)
    {
        int? type = null;
        ulong? soft = null, hard = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("type"u8, ref seen, 0)) type = r.Choice(Words.Rlimits);
            else if (r.Is("soft"u8, ref seen, 1)) soft = r.Unsigned();
            else if (r.Is("hard"u8, ref seen, 2)) hard = r.Unsigned();
            else r.Skip();
        }
        return new(
            (RlimitType)(type ?? throw r.Missing("type", Words.OneOf(Words.Rlimits))),
            soft ?? throw r.Missing("soft", "a whole number"),
            hard ?? throw r.Missing("hard", "a whole number"));
    }
}
