using System.Text.Json;

namespace Littlebox.Oci;

/// <summary>Reads <c>process</c>, which is also a document of its own: <c>exec --process FILE</c>.</summary>
public static class ProcessReader
{
    /// <summary>Reads a whole document.</summary>
    /// <exception cref="ConfigException">It is no JSON, too large, or of the wrong types.</exception>
    public static Process Read(ReadOnlySpan<byte> document, string name = "process.json")
    {
        ConfigReader reader = new(document, name);
        try
        {
            reader.Begin();
            Process process = ReadProcess(ref reader) ?? throw reader.Bad("an object");
            reader.End();
            return process;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw reader.NotJson(e);
        }
    }

    internal static Process? ReadProcess(ref ConfigReader r)
    {
        bool terminal = false, noNewPrivileges = false;
        string? cwd = null, apparmor = null, selinux = null;
        ConsoleSize? size = null;
        User? user = null;
        IReadOnlyList<string> args = [], env = [];
        LinuxCapabilities? capabilities = null;
        IReadOnlyList<Rlimit> rlimits = [];
        int? oomScoreAdj = null;
        Scheduler? scheduler = null;
        IOPriority? ioPriority = null;
        ExecCPUAffinity? affinity = null;
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("terminal"u8, ref seen, 0)) terminal = r.Boolean() ?? false;
            else if (r.Is("consoleSize"u8, ref seen, 1)) size = ReadConsoleSize(ref r);
            else if (r.Is("user"u8, ref seen, 2)) user = UserReader.ReadUser(ref r);
            else if (r.Is("args"u8, ref seen, 3)) args = r.Texts();
            else if (r.Is("env"u8, ref seen, 4)) env = r.Texts();
            else if (r.Is("cwd"u8, ref seen, 5)) cwd = r.Text();
            else if (r.Is("capabilities"u8, ref seen, 6)) capabilities = UserReader.ReadCapabilities(ref r);
            else if (r.Is("rlimits"u8, ref seen, 7)) rlimits = r.List(UserReader.ReadRlimit);
            else if (r.Is("noNewPrivileges"u8, ref seen, 8)) noNewPrivileges = r.Boolean() ?? false;
            else if (r.Is("apparmorProfile"u8, ref seen, 9)) apparmor = r.TextOrNone();
            else if (r.Is("oomScoreAdj"u8, ref seen, 10)) oomScoreAdj = r.Integer32();
            else if (r.Is("scheduler"u8, ref seen, 11)) scheduler = SchedulerReader.ReadScheduler(ref r);
            else if (r.Is("selinuxLabel"u8, ref seen, 12)) selinux = r.TextOrNone();
            else if (r.Is("ioPriority"u8, ref seen, 13)) ioPriority = SchedulerReader.ReadIOPriority(ref r);
            else if (r.Is("execCPUAffinity"u8, ref seen, 14)) affinity = SchedulerReader.ReadAffinity(ref r);
            else r.Skip();
        }
        return new()
        {
            Terminal = terminal,
            ConsoleSize = size,
            User = user ?? User.Root,
            Args = args,
            Env = env,
            Cwd = cwd ?? throw r.Missing("cwd", "an absolute path in the container"),
            Capabilities = capabilities,
            Rlimits = rlimits,
            NoNewPrivileges = noNewPrivileges,
            ApparmorProfile = apparmor,
            OomScoreAdj = oomScoreAdj,
            Scheduler = scheduler,
            SelinuxLabel = selinux,
            IOPriority = ioPriority,
            ExecCPUAffinity = affinity,
        };
    }

    private static ConsoleSize? ReadConsoleSize(ref ConfigReader r)
    {
        uint height = 0, width = 0;
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("height"u8, ref seen, 0)) height = r.Unsigned32() ?? 0;
            else if (r.Is("width"u8, ref seen, 1)) width = r.Unsigned32() ?? 0;
            else r.Skip();
        }
        return new(height, width);
    }
}
