namespace Littlebox.Runtime.Users;

/// <summary>Who the command runs as, in numbers of the container.</summary>
/// <param name="Uid">User id.</param>
/// <param name="Gid">Group id.</param>
/// <param name="Groups">Supplementary groups; set always, also when empty (CVE-2022-36109).</param>
/// <param name="Home">Home directory for the variable HOME.</param>
public sealed record UserIds(uint Uid, uint Gid, IReadOnlyList<uint> Groups, string Home)
{
    /// <summary>Root without supplementary groups.</summary>
    public static UserIds Root { get; } = new(0, 0, [], "/root");
}
