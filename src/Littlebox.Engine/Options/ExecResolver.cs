using System.Globalization;
using Littlebox.Linux;
using Littlebox.Runtime;
using Littlebox.Runtime.State;
using Littlebox.Runtime.Users;

namespace Littlebox.Engine.Options;

/// <summary>Makes a request for a second process of options.</summary>
public static class ExecResolver
{
    // A process belongs to the container whose mount namespace it is in.
    private static ContainerRecord? OfProcess(string text, StateStore store)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)) return null;
        if (Kernel.TryReadLink($"/proc/{pid}/ns/mnt") is not { } mounts) return null;
        foreach (ContainerRecord running in store.Running())
        {
            if (Kernel.TryReadLink($"/proc/{running.Pid}/ns/mnt") == mounts) return running;
        }
        return null;
    }

    /// <summary>Makes the request.</summary>
    /// <exception cref="LittleboxException">There is no such container, or an option is wrong.</exception>
    public static ExecRequest Resolve(ExecOptions options, StateStore store)
    {
        ContainerRecord container = store.Find(options.Container) ?? OfProcess(options.Container, store)
            ?? throw new LittleboxException(ErrorKind.InvalidArgument, $"no container of the name {Linux.Text.Strace.Quote(options.Container)} runs: 'littlebox ps' lists those that do");
        Texts.NoControl("--user", options.User ?? "");
        foreach (string word in options.Command) Texts.NoControl("COMMAND", word, newlines: true);
        if (options.Command is [] or ["", ..]) throw Texts.Refuse("COMMAND", "", "it is empty", "a program and its arguments");
        UserIds user;
        using (RootDirectory root = RootDirectory.Open($"/proc/{container.Pid}/root")) user = UserLookup.Find(root, options.User ?? "");
        List<string> environment = [.. container.Environment];
        EnvironmentBuilder.Set(environment, $"HOME={user.Home}");
        if (options.Terminal) EnvironmentBuilder.Set(environment, "TERM=" + (Linux.Text.ProcessText.Variable("TERM") is { Length: > 0 } term ? term : "xterm"));
        foreach (string variable in options.Environment) EnvironmentBuilder.Set(environment, variable);
        return new ExecRequest
        {
            Container = container,
            Command = options.Command,
            Environment = environment,
            WorkingDirectory = options.WorkingDirectory is null ? "/" : Texts.InsidePath("--workdir", options.WorkingDirectory, options.WorkingDirectory),
            User = user,
            Capabilities = CapabilitySet.Change(options.Privileged ? CapabilitySet.Full : container.Capabilities, options.AddCapabilities, options.DropCapabilities),
            Terminal = options.Terminal,
            KeepInput = options.Interactive,
        };
    }
}
