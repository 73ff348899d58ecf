using System.Diagnostics;
using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.Runtime.State;

/// <summary>Names of containers: a letter or digit, then letters, digits, <c>_</c>, <c>.</c> and <c>-</c>; 128 characters at most.</summary>
public static class ContainerName
{
    private static readonly string[] Adjectives =
        ["brisk", "calm", "clever", "cosy", "eager", "fair", "gentle", "happy", "keen", "light", "lively", "merry", "neat", "nimble", "proud", "quick", "quiet", "small", "snug", "swift", "tidy", "warm", "wise", "young"];

    private static readonly string[] Nouns =
        ["acorn", "badger", "beetle", "birch", "clover", "fern", "finch", "fox", "hare", "hazel", "heron", "ivy", "lark", "maple", "moss", "otter", "owl", "pebble", "pine", "robin", "seal", "thistle", "willow", "wren"];

    /// <summary>True for a name that may be used.</summary>
    public static bool IsValid(string name)
    {
        if (name.Length is 0 or > 128 || !char.IsAsciiLetterOrDigit(name[0])) return false;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-')) return false;
        }
        return true;
    }

    /// <summary>Throws unless the name may be used.</summary>
    public static void Check(string name, string field)
    {
        if (!IsValid(name))
            throw new LittleboxException(ErrorKind.InvalidArgument, $"{field}={Linux.Text.Strace.Quote(name)}: not a name for a container", "valid form: a letter or digit, then letters, digits, '_', '.' and '-'; 128 characters at most");
    }

    /// <summary>A name made up: two words and three digits.</summary>
    public static string MakeUp()
    {
        // Time and pid, mixed (splitmix64): enough for a name, which is made up again where it is taken; the runtime's own source would open a file.
        ulong mixed = (ulong)Stopwatch.GetTimestamp() + (ulong)Environment.ProcessId * 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        mixed ^= mixed >> 31;
        uint adjective = (uint)(mixed % (uint)Adjectives.Length), noun = (uint)(mixed / 64 % (uint)Nouns.Length), number = (uint)(mixed / 4096 % 900);
        // Not interpolated: that sets up a pool of buffers, which is a part of a start that can be seen.
        return string.Concat(Adjectives[adjective] + "-", Nouns[noun], "-", (100 + number).ToString(CultureInfo.InvariantCulture));
    }
}
