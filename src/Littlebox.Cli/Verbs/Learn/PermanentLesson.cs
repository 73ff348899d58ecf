using Littlebox.Cli.Terminal;
using Littlebox.Engine.Learn;
using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Namespaces;
using Littlebox.Runtime.State;

namespace Littlebox.Cli.Verbs.Learn;

/// <summary>The last chapter: a bind mount keeps the container's uts namespace beyond its last process.</summary>
/// <param name="page">How it looks.</param>
/// <param name="store">Below its directory the place for the mount is made.</param>
/// <param name="ask">Asks how to go on, with the shell to open where that is wanted.</param>
internal sealed class PermanentLesson(LessonPage page, StateStore store, Action<string, Action> ask)
{
    /// <summary>Plays it. Whatever is thrown in between, the mount goes.</summary>
    public void Play(LessonContainer container)
    {
        Output.Write(page.Say("Before: " + Why(IdOf(container.Pid))));
        ask("Enter pins it and ends the container, s opens a shell in it, q ends", () => Engine.StepShell.Run(container.Pid, 0, "[littlebox learn] \\w # "));
        try
        {
            using KeptNamespace kept = KeptNamespace.Keep(container.Pid, container.Name, store);
            Output.Write(page.Say($"Pinned: {kept.Id} is mounted at {kept.Path}" + (kept.Keeper is { } keeper ? $", which is in the mount namespace of process {keeper}." : ".")));
            container.End();
            Output.Write(page.Say($"Process {container.Pid} has ended, and with it the container and all its other namespaces."));
            Output.Write(page.Say("After: " + Why(kept.Id)));
            Output.Write(page.Say($"Entered it, and asked for the host name: {StateText.Safe(kept.HostName() ?? "it may not be entered")}. Outside it is {StateText.Safe(Kernel.Uname().Node)}."));
            Output.Write(page.Try(ChapterList.All[^1]));
            ask("Enter unpins it, s opens a shell in it, q ends", () => Enter(kept));
            kept.Dispose();
            Output.Write(page.Say($"Unpinned. {(NamespaceSurvey.Take().Find(kept.Id) is null ? $"Nothing held {kept.Id} any more, and it is gone." : $"{kept.Id} is held by somebody else still.")}"));
        }
        catch (LittleboxException failure)
        {
            Output.Write(page.Failure(failure) + "\n\n");
        }
    }

    private static NamespaceId IdOf(int pid)
    {
        using OpenNamespaces target = TargetResolver.OpenProcess(pid, "", null);
        return target[NamespaceFlags.Uts]!.Value;
    }

    private static string Why(NamespaceId id) => NamespaceSurvey.Take().Find(id) is { } found ? WhyAlive.Sentence(found) : $"{id} cannot be seen from here.";

    private static void Enter(KeptNamespace kept)
    {
        using OpenNamespaces target = kept.Open();
        List<string> variables = ["PS1=[littlebox learn] \\w # ", .. ProcessText.Variables().Where(static variable => !variable.StartsWith("PS1=", StringComparison.Ordinal))];
        NamespaceEntry.Run(target, new EntryRequest(["/bin/sh"], NamespaceFlags.Uts | (target[NamespaceFlags.User] is null ? NamespaceFlags.None : NamespaceFlags.User)) { Environment = variables });
    }
}
