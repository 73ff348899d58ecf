namespace Littlebox.Oci;

/// <summary><c>process.rlimits</c> (config.md, POSIX process: each type once; setrlimit(2): soft at most hard).</summary>
internal static class RlimitCheck
{
    public static void Check(IReadOnlyList<Rlimit> limits, Func<string, string, string, ConfigException> bad)
    {
        uint seen = 0;
        for (int i = 0; i < limits.Count; i++)
        {
            Rlimit limit = limits[i];
            if ((seen & 1U << (int)limit.Type) != 0) throw bad($"rlimits/{i}/type", $"{Quoted.Of(Words.Rlimits[(int)limit.Type])} a second time", "each type once");
            seen |= 1U << (int)limit.Type;
            if (limit.Soft > limit.Hard) throw bad($"rlimits/{i}/soft", $"{limit.Soft}", $"at most the hard limit, {limit.Hard}");
        }
    }
}
