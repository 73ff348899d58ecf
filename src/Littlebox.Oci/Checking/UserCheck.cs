namespace Littlebox.Oci;

/// <summary><c>process.user</c> (config.md, POSIX-platform User).</summary>
internal static class UserCheck
{
    private const string Ids = "0 to 4294967294";

    // To setresuid(2) and setresgid(2) the highest number means "stay who you are", which is root.
    public static void Check(User user, Func<string, string, string, ConfigException> bad)
    {
        if (user.Uid == uint.MaxValue) throw bad("user/uid", $"{user.Uid}, which is no user", Ids);
        if (user.Gid == uint.MaxValue) throw bad("user/gid", $"{user.Gid}, which is no group", Ids);
        if (user.Umask > 0x1ff) throw bad("user/umask", $"{user.Umask}", "0 to 511 (octal 777)");
        // NGROUPS_MAX
        if (user.AdditionalGids.Count > 65536) throw bad("user/additionalGids", $"{user.AdditionalGids.Count} groups", "at most 65536");
        for (int i = 0; i < user.AdditionalGids.Count; i++)
        {
            if (user.AdditionalGids[i] == uint.MaxValue) throw bad($"user/additionalGids/{i}", $"{user.AdditionalGids[i]}, which is no group", Ids);
        }
    }

    /// <summary>In a new user namespace, ids that are not mapped are none.</summary>
    public static void CheckMapped(Spec spec, User user)
    {
        if (spec.Linux.Namespace(LinuxNamespaceType.User) is not { Path: null }) return;
        if (!IdMappingCheck.Has(spec.Linux.UidMappings, user.Uid)) throw Wrong.At("/process/user/uid", $"{user.Uid}, which is not mapped", "an id that /linux/uidMappings has");
        if (!IdMappingCheck.Has(spec.Linux.GidMappings, user.Gid)) throw Wrong.At("/process/user/gid", $"{user.Gid}, which is not mapped", "an id that /linux/gidMappings has");
        for (int i = 0; i < user.AdditionalGids.Count; i++)
        {
            if (!IdMappingCheck.Has(spec.Linux.GidMappings, user.AdditionalGids[i]))
                throw Wrong.At($"/process/user/additionalGids/{i}", $"{user.AdditionalGids[i]}, which is not mapped", "an id that /linux/gidMappings has");
        }
    }
}
