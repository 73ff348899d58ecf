namespace Littlebox.Oci;

/// <summary><c>hooks</c> (config.md, POSIX-platform Hooks).</summary>
internal static class HooksCheck
{
    public static void Check(Hooks hooks)
    {
        CheckList(hooks.Prestart, "prestart");
        CheckList(hooks.CreateRuntime, "createRuntime");
        CheckList(hooks.CreateContainer, "createContainer");
        CheckList(hooks.StartContainer, "startContainer");
        CheckList(hooks.Poststart, "poststart");
        CheckList(hooks.Poststop, "poststop");
    }

    private static void CheckList(IReadOnlyList<Hook> hooks, string name)
    {
        for (int i = 0; i < hooks.Count; i++)
        {
            int index = i;
            Wrong.UnlessAbsolute(hooks[i].Path, () => $"/hooks/{name}/{index}/path");
            for (int j = 0; j < hooks[i].Args.Count; j++)
            {
                int argument = j;
                Wrong.UnlessArgument(hooks[i].Args[j], () => $"/hooks/{name}/{index}/args/{argument}");
            }
            Wrong.UnlessEnvironment(hooks[i].Env, () => $"/hooks/{name}/{index}/env");
            if (hooks[i].Timeout is <= 0) throw Wrong.At($"/hooks/{name}/{i}/timeout", $"{hooks[i].Timeout}", "more than 0 seconds");
        }
    }
}
