using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci.HookRuns;

/// <summary>What a hook of config.json must be (config.md, POSIX-platform Hooks).</summary>
internal static class HookCheck
{
    /// <summary>Throws for the first hook that is not as the spec wants it.</summary>
    public static void Check(Littlebox.Oci.Hooks hooks)
    {
        foreach (HookPoint point in Enum.GetValues<HookPoint>())
        {
            IReadOnlyList<Hook> list = hooks.At(point);
            for (int i = 0; i < list.Count; i++)
            {
                string pointer = $"/hooks/{point.Name()}/{i}";
                if (!list[i].Path.StartsWith('/')) throw Wrong(pointer + "/path", Strace.Quote(list[i].Path), "an absolute path");
                if (list[i].Timeout is { } seconds and <= 0) throw Wrong(pointer + "/timeout", $"{seconds}", "a number of seconds greater than 0");
            }
        }
    }

    private static LittleboxException Wrong(string pointer, string found, string allowed) => new(ErrorKind.InvalidArgument, $"config.json: {pointer}: found {found}; allowed: {allowed}");
}
