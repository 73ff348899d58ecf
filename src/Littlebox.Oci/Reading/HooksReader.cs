namespace Littlebox.Oci;

/// <summary><c>hooks</c></summary>
internal static class HooksReader
{
    public static Hooks? ReadHooks(ref ConfigReader r)
    {
        IReadOnlyList<Hook> prestart = [], createRuntime = [], createContainer = [], startContainer = [], poststart = [], poststop = [];
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("prestart"u8, ref seen, 0)) prestart = r.List(ReadHook);
            else if (r.Is("createRuntime"u8, ref seen, 1)) createRuntime = r.List(ReadHook);
            else if (r.Is("createContainer"u8, ref seen, 2)) createContainer = r.List(ReadHook);
            else if (r.Is("startContainer"u8, ref seen, 3)) startContainer = r.List(ReadHook);
            else if (r.Is("poststart"u8, ref seen, 4)) poststart = r.List(ReadHook);
            else if (r.Is("poststop"u8, ref seen, 5)) poststop = r.List(ReadHook);
            else r.Skip();
        }
        return new()
        {
            Prestart = prestart,
            CreateRuntime = createRuntime,
            CreateContainer = createContainer,
            StartContainer = startContainer,
            Poststart = poststart,
            Poststop = poststop,
        };
    }

    private static Hook ReadHook(ref ConfigReader r)
    {
        string? path = null;
        IReadOnlyList<string> args = [], env = [];
        int? timeout = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("path"u8, ref seen, 0)) path = r.Text();
            else if (r.Is("args"u8, ref seen, 1)) args = r.Texts();
            else if (r.Is("env"u8, ref seen, 2)) env = r.Texts();
            else if (r.Is("timeout"u8, ref seen, 3)) timeout = r.Integer32();
            else r.Skip();
        }
        return new() { Path = path ?? throw r.Missing("path", "the absolute path of a program"), Args = args, Env = env, Timeout = timeout };
    }
}
