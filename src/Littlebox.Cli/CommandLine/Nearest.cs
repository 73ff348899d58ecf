namespace Littlebox.Cli.CommandLine;

/// <summary>Finds the word that someone probably meant.</summary>
internal static class Nearest
{
    private const int Furthest = 2;

    /// <summary>The candidate with the smallest Damerau-Levenshtein distance, at most 2 and less than the word's length; or one that the word begins.</summary>
    public static string? Of(string word, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int best = Math.Min(Furthest, word.Length - 1) + 1;
        foreach (string candidate in candidates)
        {
            int distance = Distance(word, candidate);
            if (distance < best) (nearest, best) = (candidate, distance);
        }
        if (nearest is not null || word.Length < 3) return nearest;
        foreach (string candidate in candidates)
        {
            if (candidate.StartsWith(word, StringComparison.Ordinal)) return candidate;
        }
        return null;
    }

    /// <summary>Insertions, deletions, substitutions and exchanges of neighbours (optimal string alignment) that lead from one word to the other.</summary>
    public static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1], last = new int[b.Length + 1], current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) last[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last, current) = (last, current, beforeLast);
        }
        return last[b.Length];
    }
}
