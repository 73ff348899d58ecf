using System.Globalization;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.OciCli.CommandLine;
using Littlebox.Runtime.Oci.Life;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>exec</c>. What the command line does not say comes from the config.json that the container was made from, as with runc.</summary>
internal sealed class ExecVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "exec";

    /// <inheritdoc/>
    public override string Summary => "execute new process inside the container";

    /// <inheritdoc/>
    public override string Words => "<container-id> <command> [command options]  || -p process.json <container-id>";

    /// <inheritdoc/>
    public override string Description => "   Executes a command in a container. The exit code is the command's; 255 where it could not be executed.";

    /// <inheritdoc/>
    public override int MostWords => int.MaxValue;

    /// <inheritdoc/>
    public override bool FlagsEndAtFirstWord => true;

    /// <inheritdoc/>
    public override int FailureCode => 255;

    /// <inheritdoc/>
    public override Flag[] Flags =>
    [
        Creation.ConsoleSocket,
        new("pidfd-socket", "path to an AF_UNIX socket which will receive a file descriptor referencing the exec process", HasValue: true),
        new("cwd", "current working directory in the container", HasValue: true),
        new("env", "set environment variables", 'e', HasValue: true),
        new("tty", "allocate a pseudo-TTY", 't'),
        new("user", "UID (format: <uid>[:<gid>])", 'u', HasValue: true),
        new("additional-gids", "additional gids", 'g', HasValue: true),
        new("process", "path to the process.json", 'p', HasValue: true),
        new("detach", "detach from the container's process", 'd'),
        Creation.PidFile,
        new("process-label", "set the asm process label for the process commonly used with selinux", HasValue: true),
        new("apparmor", "set the apparmor profile for the process", HasValue: true),
        new("no-new-privs", "set the no new privileges value for the process"),
        new("cap", "add a capability to the bounding set for the process", 'c', HasValue: true),
        Creation.PreserveDescriptors,
        new("cgroup", "run the process in an (existing) sub-cgroup(s). Format is [<controller>:]<cgroup>.", HasValue: true),
        new("ignore-paused", "allow exec in a paused container"),
        Creation.InjectFault,
    ];

    /// <inheritdoc/>
    public override int Run(Invocation invocation)
    {
        ParsedFlags line = invocation.Line;
        try
        {
            Spec spec = OciExec.SpecOf(invocation.Store, invocation.Id);
            Process process = line.Value("process") is { Length: > 0 } file ? ReadProcess(file) : Change(spec.Process ?? Process.None, line);
            process = Creation.Granted(invocation, process, spec.Linux);
            return OciExec.Run(invocation.Store, invocation.Id, spec, process, Attachment.Of(line));
        }
        catch (LittleboxException error)
        {
            throw new LittleboxException(error.Kind, "exec failed: " + error.Message, [.. error.Details]);
        }
        catch (SystemCallException error)
        {
            throw new LittleboxException(ErrorKind.SystemError, "exec failed: " + error.Message);
        }
    }

    private static Process ReadProcess(string path)
    {
        using Descriptor file = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, path, OpenFlags.ReadOnly);
        Process process = ProcessReader.Read(SmallFile.Read(file.Number, 16 << 20) ?? throw new LittleboxException(ErrorKind.InvalidArgument, $"{path} is larger than 16 MiB"), path);
        ProcessChecker.Check(process, path, "");
        return process;
    }

    private static Process Change(Process process, ParsedFlags line)
    {
        if (line.Words.Length < 2) throw new LittleboxException(ErrorKind.InvalidArgument, "exec args cannot be empty");
        return process with
        {
            Args = line.Words[1..],
            Cwd = line.Value("cwd") is { Length: > 0 } cwd ? cwd : process.Cwd,
            Env = [.. process.Env, .. line.Values("env")],
            Terminal = line.Has("tty"),
            User = ChangeUser(process.User, line),
            Capabilities = ChangeCapabilities(process.Capabilities, line.Values("cap")),
            NoNewPrivileges = line.Value("no-new-privs") is null ? process.NoNewPrivileges : line.Has("no-new-privs"),
            ApparmorProfile = line.Value("apparmor") is { Length: > 0 } profile ? profile : process.ApparmorProfile,
            SelinuxLabel = line.Value("process-label") is { Length: > 0 } label ? label : process.SelinuxLabel,
        };
    }

    private static User ChangeUser(User user, ParsedFlags line)
    {
        if (line.Value("user") is { Length: > 0 } given)
        {
            int colon = given.IndexOf(':');
            user = user with
            {
                Uid = Id(colon < 0 ? given : given[..colon], "--user " + given),
                Gid = colon < 0 ? user.Gid : Id(given[(colon + 1)..], "--user " + given),
            };
        }
        List<uint> groups = [.. user.AdditionalGids];
        foreach (string list in line.Values("additional-gids"))
        {
            foreach (string gid in list.Split(',')) groups.Add(Id(gid, "--additional-gids " + list));
        }
        return user with { AdditionalGids = groups };
    }

    // Ambient ones need to be inheritable, which --cap does not make them: only where the document has inheritable ones already (CVE-2022-29162).
    private static LinuxCapabilities? ChangeCapabilities(LinuxCapabilities? sets, IReadOnlyList<string> added)
    {
        if (added.Count == 0) return sets;
        sets ??= new LinuxCapabilities();
        return sets with
        {
            Bounding = [.. sets.Bounding, .. added],
            Effective = [.. sets.Effective, .. added],
            Permitted = [.. sets.Permitted, .. added],
            Ambient = sets.Inheritable.Count > 0 ? [.. sets.Ambient, .. added] : sets.Ambient,
        };
    }

    // A number, and nothing that could be taken for one: what cannot be read is an error, never root (CVE-2026-30892).
    private static uint Id(string text, string option) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id != uint.MaxValue ? id
        : throw new LittleboxException(ErrorKind.InvalidArgument, $"{option}: {Linux.Text.Strace.Quote(text)} is not a number from 0 to 4294967294");
}
