namespace Littlebox.Runtime.Seccomp;

/// <summary>A profile with its words resolved: what <see cref="SeccompCompiler"/> works on.</summary>
/// <param name="Default">The verdict on everything without a rule.</param>
/// <param name="Abis">The ABIs it names besides the machine's own.</param>
/// <param name="Entries">Its rules, in its order.</param>
/// <param name="Flags">Flags of seccomp(2).</param>
/// <param name="Notifies">It has a rule that hands system calls to an agent.</param>
internal sealed record SeccompProfile(uint Default, IReadOnlyList<SystemCallAbi> Abis, IReadOnlyList<SeccompEntry> Entries, uint Flags, bool Notifies);

/// <summary>One entry of a profile.</summary>
/// <param name="Names">The system calls.</param>
/// <param name="Verdict">The verdict where the conditions hold.</param>
/// <param name="Alternatives">Sets of conditions, one of which must hold, by ascending argument; one empty set where there is no condition.</param>
internal sealed record SeccompEntry(IReadOnlyList<string> Names, uint Verdict, IReadOnlyList<SeccompCondition[]> Alternatives);
