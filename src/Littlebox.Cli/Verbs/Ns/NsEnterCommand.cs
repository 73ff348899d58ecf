using System.Globalization;
using Littlebox.Cli.CommandLine;
using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Namespaces;

namespace Littlebox.Cli.Verbs.Ns;

/// <summary><c>littlebox ns enter</c>.</summary>
internal static class NsEnterCommand
{
    /// <summary>Runs the command; its exit code is ours.</summary>
    public static int Run(ParsedArguments arguments)
    {
        uint? uid = Id(arguments, "setuid"), gid = Id(arguments, "setgid");
        using OpenNamespaces target = NsContext.Targets.Open(arguments.Words[0]);
        NamespaceFlags kinds = NsContext.Kinds(arguments);
        if (kinds == NamespaceFlags.None) kinds = target.Kinds.Aggregate(NamespaceFlags.None, static (all, kind) => all | kind);
        string[] command = [.. arguments.Words.Skip(1)];
        return NamespaceEntry.Run(target, new EntryRequest(command.Length > 0 ? command : ["/bin/sh"], kinds)
        {
            Environment = ProcessText.Variables(),
            Root = arguments.Value("root"),
            FollowRoot = arguments.Has("root") && arguments.Value("root") is null,
            WorkingDirectory = arguments.Value("wd"),
            FollowWorkingDirectory = arguments.Has("wd") && arguments.Value("wd") is null,
            Uid = uid,
            Gid = gid,
            KeepCredentials = arguments.Has("preserve-credentials"),
        });
    }

    private static uint? Id(ParsedArguments arguments, string option)
    {
        if (arguments.Value(option) is not { } text) return null;
        // 4294967295 is (uid_t)-1, which setresuid(2) takes for "leave it as it is".
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id != uint.MaxValue
            ? id : throw arguments.Reject(option, text, "a number from 0 to 4294967294");
    }
}
