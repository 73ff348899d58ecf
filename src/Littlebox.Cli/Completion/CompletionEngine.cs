using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Completion;

/// <summary>Finds what can stand at the cursor, from the same tables as the parser. It forgives what the parser would refuse.</summary>
internal sealed class CompletionEngine
{
    private readonly Func<IReadOnlyList<string>> containers;

    /// <summary>Makes an engine.</summary>
    /// <param name="containers">The names of the running containers, asked for when they are needed.</param>
    public CompletionEngine(Func<IReadOnlyList<string>> containers) => this.containers = containers;

    /// <summary>Completes the last word.</summary>
    /// <param name="words">The words behind <c>littlebox</c>; the last is the one at the cursor, and may be empty.</param>
    public CompletionAnswer Complete(ReadOnlySpan<string> words)
    {
        var answer = new CompletionAnswer();
        if (words.Length <= 1)
            First(answer, words.IsEmpty ? "" : words[0]);
        else if (VerbTable.IsGroup(words[0]) && words.Length == 2)
            Verbs(answer, words[0], words[1]);
        else if (VerbTable.Find(words, out int used) is { } verb)
            Verb(answer, verb, words[used..]);
        return answer;
    }

    private static void First(CompletionAnswer answer, string current)
    {
        if (current.StartsWith('-'))
        {
            Offer(answer, current, "", "--help", "list the verbs");
            Offer(answer, current, "", "--version", "print the version");
        }
        else
            Verbs(answer, group: null, current);
    }

    private static void Verbs(CompletionAnswer answer, string? group, string current)
    {
        string? last = null;
        foreach (string name in VerbTable.Names)
        {
            VerbSpec verb = VerbTable.Find(name)!;
            int space = name.IndexOf(' ');
            string? own = space < 0 ? null : name[..space];
            if (verb.Hidden) continue;
            if (own == group) Offer(answer, current, "", name[(space + 1)..], verb.Summary);
            else if (group is null && own != last) Offer(answer, current, "", own!, VerbTable.GroupSummary(own!));
            last = own;
        }
    }

    private void Verb(CompletionAnswer answer, VerbSpec verb, ReadOnlySpan<string> words)
    {
        CompletionPosition position = CompletionPosition.Find(verb, words);
        string current = words[^1];
        if (position.InnerStart >= 0)
            Verb(answer, VerbTable.Find(verb.InnerVerb!)!, words[position.InnerStart..]);
        else if (position.Pending is not null)
            Value(answer, position.Pending.Completion, position.Pending.Choices, current, prefix: "");
        else if (position.OptionsEnded || !current.StartsWith('-'))
            Word(answer, verb, position.WordCount, current);
        else if (current.IndexOf('=') is > 2 and int equals && verb.Option(current.AsSpan()[2..equals]) is { IsFlag: false } option)
            Value(answer, option.Completion, option.Choices, current, current[..(equals + 1)]);
        else
            Options(answer, verb, position, current);
    }

    private static void Options(CompletionAnswer answer, VerbSpec verb, CompletionPosition position, string current)
    {
        foreach (OptionSpec option in (OptionSpec[])[.. verb.Options, VerbSpec.HelpOption])
        {
            if (!option.Hidden && (option.Repeats || !position.Given.Contains(option.Name))) Offer(answer, current, "", $"--{option.Name}", option.Help);
        }
    }

    private void Word(CompletionAnswer answer, VerbSpec verb, int index, string current)
    {
        if (index >= verb.MostWords) return;
        if (index == 0 && verb.WordChoices is not null)
            Value(answer, CompletionKind.None, verb.WordChoices, current, prefix: "");
        else if (verb.WordKinds.Length > 0)
        {
            CompletionKind kind = verb.WordKinds[Math.Min(index, verb.WordKinds.Length - 1)];
            // Behind the command's name stand its arguments, of which we know no more than that files are likely.
            if (kind is CompletionKind.Command && index >= verb.WordKinds.Length) kind = CompletionKind.File;
            Value(answer, kind, choices: null, current, prefix: "");
        }
    }

    private void Value(CompletionAnswer answer, CompletionKind kind, string[]? choices, string word, string prefix)
    {
        string current = word[prefix.Length..];
        foreach (string choice in choices ?? []) Offer(answer, current, prefix, choice, "");
        answer.Prefix = prefix;
        switch (kind)
        {
            case CompletionKind.File:
                answer.Help = ShellHelp.Files;
                break;
            case CompletionKind.Directory:
                answer.Help = ShellHelp.Directories;
                break;
            case CompletionKind.Command:
                answer.Help = ShellHelp.Commands;
                break;
            case CompletionKind.Container:
                Containers(answer, current, prefix);
                break;
            case CompletionKind.Target:
                Containers(answer, current, prefix);
                Offer(answer, current, prefix, "host", "process 1 of this machine");
                break;
            case CompletionKind.Root:
                Root(answer, current, prefix);
                break;
            case CompletionKind.NamespaceMode:
                Mode(answer, current, prefix);
                break;
            case CompletionKind.Verb:
                Verbs(answer, group: null, current);
                break;
        }
    }

    private static void Root(CompletionAnswer answer, string current, string prefix)
    {
        Offer(answer, current, prefix, "default", "the small root that comes with littlebox");
        Offer(answer, current, prefix, "host", "this machine's root, below a layer that is thrown away");
        if (current.StartsWith('/') || current.StartsWith('.') || current.StartsWith('~')) answer.Help = ShellHelp.Files;
        Offer(answer, current, prefix, current.Length == 0 ? "./" : "", "a directory or an archive");
        Offer(answer, current, prefix, current.Length == 0 ? "/" : "", "a directory or an archive");
    }

    private void Mode(CompletionAnswer answer, string current, string prefix)
    {
        const string Path = "ns:", Container = "container:";
        if (current.StartsWith(Path, StringComparison.Ordinal))
        {
            answer.Help = ShellHelp.Files;
            answer.Prefix = prefix + Path;
            return;
        }
        Offer(answer, current, prefix, "private", "a new one");
        Offer(answer, current, prefix, "host", "that of this machine");
        foreach (string name in containers()) Offer(answer, current, prefix, Container + name, "that of the container");
        Offer(answer, current, prefix, Path, "a path");
    }

    private void Containers(CompletionAnswer answer, string current, string prefix)
    {
        foreach (string name in containers()) Offer(answer, current, prefix, name, "container");
    }

    private static void Offer(CompletionAnswer answer, string current, string prefix, string value, string meaning)
    {
        if (value.Length > 0 && value.StartsWith(current, StringComparison.Ordinal)) answer.Candidates.Add((prefix + value, meaning));
    }
}
