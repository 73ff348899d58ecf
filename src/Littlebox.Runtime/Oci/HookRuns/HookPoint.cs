using Littlebox.Oci;

namespace Littlebox.Runtime.Oci.HookRuns;

/// <summary>The points of a container's life at which hooks run (runtime-spec, config.md, POSIX-platform Hooks; runtime.md, Lifecycle).</summary>
public enum HookPoint
{
    /// <summary>As <see cref="CreateRuntime"/>, and before those; deprecated, and still what engines use.</summary>
    Prestart,

    /// <summary><c>create</c>: the namespaces are there, the root is not changed yet. In the runtime's namespaces.</summary>
    CreateRuntime,

    /// <summary><c>create</c>, behind those: in the container's namespaces, with the runtime's root.</summary>
    CreateContainer,

    /// <summary><c>start</c>, before the program: in the container.</summary>
    StartContainer,

    /// <summary><c>start</c>, behind the program's execve: in the runtime's namespaces.</summary>
    Poststart,

    /// <summary><c>delete</c>, when nothing of the container is left: in the runtime's namespaces.</summary>
    Poststop,
}

/// <summary>The lists of config.json by their points.</summary>
public static class HookPoints
{
    /// <summary>The hooks of a point, in the order in which they run.</summary>
    public static IReadOnlyList<Hook> At(this Littlebox.Oci.Hooks hooks, HookPoint point) => point switch
    {
        HookPoint.Prestart => hooks.Prestart,
        HookPoint.CreateRuntime => hooks.CreateRuntime,
        HookPoint.CreateContainer => hooks.CreateContainer,
        HookPoint.StartContainer => hooks.StartContainer,
        HookPoint.Poststart => hooks.Poststart,
        _ => hooks.Poststop,
    };

    /// <summary>The name of the list in config.json.</summary>
    public static string Name(this HookPoint point) => point switch
    {
        HookPoint.Prestart => "prestart",
        HookPoint.CreateRuntime => "createRuntime",
        HookPoint.CreateContainer => "createContainer",
        HookPoint.StartContainer => "startContainer",
        HookPoint.Poststart => "poststart",
        _ => "poststop",
    };
}
