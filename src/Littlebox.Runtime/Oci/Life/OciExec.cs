using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Plan;
using Littlebox.Runtime.Foreground;
using Littlebox.Runtime.Oci.State;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Oci.Life;

/// <summary><c>exec</c>: one more process in a container.</summary>
public static class OciExec
{
    /// <summary>The document that a container was made from.</summary>
    /// <exception cref="LittleboxException">There is no such container, or it has stopped.</exception>
    public static Spec SpecOf(OciStore store, string id) =>
        SpecReader.Read(store.ReadConfig(id) ?? throw OciStore.Missing(id));

    /// <summary>Runs a process in a container.</summary>
    /// <param name="store">Where the container is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="spec">The document that it was made from.</param>
    /// <param name="process">The process.</param>
    /// <param name="options">What the command line says beside it.</param>
    /// <returns>In the foreground the exit code of the process, 128+n where a signal ended it; 0 where it has been left behind.</returns>
    /// <exception cref="LittleboxException">It could not be started; nothing is left of it.</exception>
    public static int Run(OciStore store, string id, Spec spec, Process process, OciProcessOptions options)
    {
        options.CheckTerminal(process.Terminal);
        OciContainerState container = Running(store, id);
        if (!options.IgnoresPause && OciCGroups.IsPaused(container)) throw new LittleboxException(ErrorKind.InvalidArgument, "cannot exec in a paused container (use --ignore-paused to override)");
        (string document, string pointer) = options.Document is { } file ? (file, "") : ("config.json", "/process");
        if (process.Args.Count == 0) throw new ConfigException(document, pointer + "/args", "an empty list", "a program and its arguments");
        if (!process.Cwd.StartsWith('/')) throw new ConfigException(document, pointer + "/cwd", Linux.Text.Strace.Quote(process.Cwd), "an absolute path");
        OciLabels.CheckMachine(process, "", document, pointer);
        Process complete = OciEnvironment.Complete(process, $"/proc/{container.Pid}/root");
        using Attendant? attendant = options.Detached ? null : new Attendant(process.Terminal, input: true, firstOfNamespace: false, allSignals: true);
        var launch = new OciExecLaunch(container, spec, complete, options.Preserved, () => OciCGroups.Place(container, options.CGroups), OciCGroups.Attach(container, options.CGroups))
        {
            Fault = options.Fault,
            OnStarted = session =>
            {
                session.OnConsole = options.OnConsole ?? (attendant is null ? null : attendant.TakeTerminal);
                session.OnListener = announced => SeccompAgent.Serve(spec.Linux.Seccomp!,
                    new(container.OciVersion, container.Id, "running", session.Child.Pid, container.Pid, container.Bundle, container.Annotations), announced, session.Child.Channel, session.Child.Answer);
                session.OnFailure = (step, child) => step.Field == OciProcessSteps.ExecuteField && options.Fault is null ? NotExecuted(container.Pid, child.Error, child.Candidate, complete) : null;
            },
        };
        options.Fault?.CheckIn(launch.Plan);
        using var runner = new PlanRunner(launch.Plan) { Fault = options.Fault };
        runner.Run();
        if (attendant is not null)
        {
            launch.Ended = attendant.Attend(launch.Session!, () => options.OnProcess?.Invoke(launch.Session!.Child.Pid));
            return launch.Ended.Value.ExitCode;
        }
        launch.Session!.Await(Boot.MessageKind.Closed);
        options.OnProcess?.Invoke(launch.Session.Child.Pid);
        runner.Keep();
        launch.Session.Dispose();
        return 0;
    }

    private static OciContainerState Running(OciStore store, string id)
    {
        OciContainerState container = store.Read(id) ?? throw OciStore.Missing(id);
        return container.IsAlive ? container : throw new LittleboxException(ErrorKind.InvalidArgument, "cannot exec in a stopped container");
    }

    // The container's first process sees the same root, and can be looked at by whoever made it.
    private static LittleboxException? NotExecuted(int container, Errno failure, int candidate, Process process)
    {
        using RootDirectory? root = OciEnvironment.TryOpen($"/proc/{container}/root");
        if (root is null) return null;
        return OciCommandError.Of(process.Args[0], failure, CommandDiagnosis.Of(root, process.Cwd, failure, candidate, process.Args[0], ExecutablePath.Candidates(process.Args[0], process.Env)));
    }
}
