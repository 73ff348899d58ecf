using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Runtime.Request;

namespace Littlebox.Runtime.Steps;

/// <summary>What the steps inside share while one program is built: the plan they are added to, the request, and the registers of earlier steps.</summary>
internal sealed class Inside(ContainerPlan plan, ContainerRequest request)
{
    /// <summary>The request.</summary>
    public ContainerRequest Request => request;

    /// <summary>The scratch file system: the container's own, beneath its root and out of its sight.</summary>
    public Register Scratch { get; set; }

    /// <summary>The directory of the container on the host, over which the scratch file system is mounted.</summary>
    public Register StatePlace { get; set; }

    /// <summary>The tree of the root as it was opened on the host, not yet in place.</summary>
    public Register RootTree { get; set; }

    /// <summary>The trees of the root's further layers, where they are attached by descriptor; by their place in the request.</summary>
    public Register[] LayerTrees { get; } = new Register[request.Root.Layers.Count];

    /// <summary>The sources of the volumes, by their place in the request.</summary>
    public Register[] Sources { get; } = new Register[request.Mounts.Count];

    /// <summary>The new root.</summary>
    public Register Root { get; set; }

    /// <summary>The container's /proc.</summary>
    public Register Proc { get; set; }

    /// <summary>The container's /dev.</summary>
    public Register Dev { get; set; }

    /// <summary>The instance of devpts.</summary>
    public Register Pts { get; set; }

    /// <summary>The read-only empty directory and file that mask paths.</summary>
    public (Register Directory, Register File) Masks { get; set; }

    /// <summary>The terminal's end that the command gets.</summary>
    public Register Terminal { get; set; }

    /// <summary>Where the scripts of explain build the root.</summary>
    public static string ShellRoot => "\"$box/root\"";

    /// <summary>The line of bash that sets options of a bind mount and of all mounts below it; mount does so by itself from util-linux 2.39 on.</summary>
    /// <param name="place">The mount, as a word of bash.</param>
    /// <param name="options">Options of mount(8).</param>
    public static string ShellRemount(string place, string options) =>
        $"findmnt -rno TARGET -R {place} | while read -r place; do mount -o remount,bind,{options} \"$(printf %b \"$place\")\"; done";

    /// <summary>Adds a step.</summary>
    public void Add(string title, string why, Action<BootBuilder> compile, string? field = null, Func<IEnumerable<string>>? shell = null, Func<Errno, string?>? hint = null) =>
        plan.Add(new InsideStep
        {
            Title = title,
            Why = why,
            Field = field,
            Compile = compile,
            Shell = shell ?? (static () => []),
            Hint = hint ?? (static _ => null),
        });
}
