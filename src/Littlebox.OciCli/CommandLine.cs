using Littlebox.Linux;

namespace Littlebox.OciCli;

/// <summary>
/// A part of the command line: flags, then words. As runc reads it: <c>--flag value</c>, <c>--flag=value</c>, one dash or two; flags end at the first word or at <c>--</c>.
/// </summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, List<string>> values = new(StringComparer.Ordinal);

    private CommandLine(string[] words) => Words = words;

    /// <summary>What follows the flags.</summary>
    public string[] Words { get; private set; }

    /// <summary>Reads it.</summary>
    /// <param name="arguments">The words.</param>
    /// <param name="withValue">Names of flags that have a value, short ones as <c>b:bundle</c>.</param>
    /// <param name="flags">Names of flags that have none.</param>
    /// <exception cref="LittleboxException">A flag is not known, or has no value.</exception>
    public static CommandLine Read(ReadOnlySpan<string> arguments, string[] withValue, string[] flags)
    {
        var read = new CommandLine([]);
        int i = 0;
        for (; i < arguments.Length; i++)
        {
            string word = arguments[i];
            if (word == "--")
            {
                i++;
                break;
            }
            if (word.Length < 2 || word[0] != '-') break;
            string name = word.TrimStart('-');
            string? value = null;
            if (name.IndexOf('=') is > 0 and var equals) (name, value) = (name[..equals], name[(equals + 1)..]);
            if (Find(flags, name) is { } flag)
            {
                read.Add(flag, value ?? "true");
            }
            else if (Find(withValue, name) is { } option)
            {
                if (value is null && ++i >= arguments.Length) throw new LittleboxException(ErrorKind.InvalidArgument, $"flag needs an argument: {word}");
                read.Add(option, value ?? arguments[i]);
            }
            else
            {
                throw new LittleboxException(ErrorKind.InvalidArgument, $"flag provided but not defined: {word}");
            }
        }
        read.Words = arguments[Math.Min(i, arguments.Length)..].ToArray();
        return read;
    }

    /// <summary>True where the flag was given, and not as <c>=false</c>.</summary>
    public bool Has(string name) => Value(name) is { } value && value != "false";

    /// <summary>The last value of a flag, or <c>null</c>.</summary>
    public string? Value(string name) => values.TryGetValue(name, out List<string>? given) ? given[^1] : null;

    /// <summary>The only word, a container's id.</summary>
    /// <exception cref="LittleboxException">There is none, or there are more.</exception>
    public string Id(string verb) => Words.Length == 1 ? Words[0]
        : throw new LittleboxException(ErrorKind.InvalidArgument, $"\"littlebox-oci {verb}\" requires exactly 1 argument(s): the container's id");

    private static string? Find(string[] names, string name)
    {
        foreach (string candidate in names)
        {
            if (candidate == name) return name;
            if (candidate.Length > 2 && candidate[1] == ':' && (candidate.AsSpan(2).SequenceEqual(name) || name.Length == 1 && name[0] == candidate[0])) return candidate[2..];
        }
        return null;
    }

    private void Add(string name, string value)
    {
        if (!values.TryGetValue(name, out List<string>? given)) values.Add(name, given = []);
        given.Add(value);
    }
}
