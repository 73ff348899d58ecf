using Littlebox.OciCli.Verbs;

namespace Littlebox.OciCli.CommandLine;

/// <summary>The verbs, in the order of the help. Only the one that is called is made.</summary>
internal static class VerbTable
{
    /// <summary>The names of all of them.</summary>
    public static readonly string[] Names =
    [
        "checkpoint",
        "create",
        "delete",
        "events",
        "exec",
        "features",
        "kill",
        "list",
        "pause",
        "ps",
        "restore",
        "resume",
        "run",
        "spec",
        "start",
        "state",
        "update",
    ];

    /// <summary>The verb of a name, or <c>null</c>.</summary>
    public static Verb? Find(string name) => name switch
    {
        "checkpoint" => new CheckpointVerb(),
        "create" => new CreateVerb(),
        "delete" => new DeleteVerb(),
        "events" => new EventsVerb(),
        "exec" => new ExecVerb(),
        "features" => new FeaturesVerb(),
        "kill" => new KillVerb(),
        "list" => new ListVerb(),
        "pause" => new PauseVerb(),
        "ps" => new PsVerb(),
        "restore" => new RestoreVerb(),
        "resume" => new ResumeVerb(),
        "run" => new RunVerb(),
        "spec" => new SpecVerb(),
        "start" => new StartVerb(),
        "state" => new StateVerb(),
        "update" => new UpdateVerb(),
        _ => null,
    };
}
