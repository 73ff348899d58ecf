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
        "exec",
        "features",
        "kill",
        "list",
        "restore",
        "run",
        "spec",
        "start",
        "state",
    ];

    /// <summary>The verb of a name, or <c>null</c>.</summary>
    public static Verb? Find(string name) => name switch
    {
        "checkpoint" => new CheckpointVerb(),
        "create" => new CreateVerb(),
        "delete" => new DeleteVerb(),
        "exec" => new ExecVerb(),
        "features" => new FeaturesVerb(),
        "kill" => new KillVerb(),
        "list" => new ListVerb(),
        "restore" => new RestoreVerb(),
        "run" => new RunVerb(),
        "spec" => new SpecVerb(),
        "start" => new StartVerb(),
        "state" => new StateVerb(),
        _ => null,
    };
}
