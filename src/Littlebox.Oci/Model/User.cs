namespace Littlebox.Oci;

/// <summary><c>process.user</c> (config.md, POSIX-platform User): numbers of the container's user namespace.</summary>
public sealed record User
{
    /// <summary>User 0 of group 0.</summary>
    public static User Root { get; } = new();

    /// <summary><c>uid</c></summary>
    public uint Uid { get; init; }

    /// <summary><c>gid</c></summary>
    public uint Gid { get; init; }

    /// <summary><c>umask</c>, 0 to 0777; null leaves it as it is.</summary>
    public uint? Umask { get; init; }

    /// <summary><c>additionalGids</c></summary>
    public IReadOnlyList<uint> AdditionalGids { get; init; } = [];
}
