using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Completion;

/// <summary>Where the cursor stands in a verb's command line: behind an option that wants a value, at the third word, …</summary>
internal sealed class CompletionPosition
{
    private CompletionPosition()
    {
    }

    /// <summary>The option whose value is at the cursor, or <c>null</c>.</summary>
    public OptionSpec? Pending { get; private set; }

    /// <summary>No option can stand at the cursor any more.</summary>
    public bool OptionsEnded { get; private set; }

    /// <summary>How many words stand before the cursor.</summary>
    public int WordCount { get; private set; }

    /// <summary>The long names of the options before the cursor.</summary>
    public HashSet<string> Given { get; } = [];

    /// <summary>Where the command line of <see cref="VerbSpec.InnerVerb"/> begins; -1 where the cursor is not in one.</summary>
    public int InnerStart { get; private set; } = -1;

    /// <summary>Reads all words but the last.</summary>
    public static CompletionPosition Find(VerbSpec verb, ReadOnlySpan<string> words)
    {
        var position = new CompletionPosition();
        for (int at = 0; at < words.Length - 1 && position.InnerStart < 0; at++)
        {
            string word = words[at];
            if (position.Pending is not null)
                position.Pending = null;
            else if (position.OptionsEnded || word.Length < 2 || word[0] != '-')
            {
                position.WordCount++;
                position.OptionsEnded |= verb.StopsAtFirstWord;
                if (verb.InnerVerb == word) position.InnerStart = at + 1;
            }
            else if (word == "--")
                position.OptionsEnded = true;
            else if (word[1] == '-')
                position.Long(verb, word);
            else
                position.Short(verb, word);
        }
        return position;
    }

    private void Long(VerbSpec verb, string word)
    {
        int equals = word.IndexOf('=');
        OptionSpec? option = verb.Option(word.AsSpan()[2..(equals < 0 ? word.Length : equals)]);
        if (option is null) return;
        Given.Add(option.Name);
        if (equals < 0 && !option.IsFlag && !option.ValueOptional) Pending = option;
    }

    private void Short(VerbSpec verb, string word)
    {
        for (int letter = 1; letter < word.Length; letter++)
        {
            OptionSpec? option = verb.Option(word[letter]);
            if (option is null) return;
            Given.Add(option.Name);
            if (option.IsFlag) continue;
            if (letter == word.Length - 1 && !option.ValueOptional) Pending = option;
            return;
        }
    }
}
