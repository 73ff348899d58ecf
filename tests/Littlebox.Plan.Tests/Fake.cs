using Littlebox.Boot;
using Littlebox.Linux;

namespace Littlebox.Plan.Tests;

/// <summary>Steps that do nothing but write down that they were done and undone.</summary>
internal static class Fake
{
    /// <summary>A host step.</summary>
    public static HostStep Host(string title, List<string> log, Action? extra = null, bool undo = true) => new()
    {
        Title = title,
        Why = "because " + title,
        Do = () =>
        {
            extra?.Invoke();
            log.Add("do " + title);
        },
        Undo = undo ? () => log.Add("undo " + title) : null,
        Calls = () => [$"call(\"{title}\")"],
        Shell = () => [$"echo {title}"],
    };

    /// <summary>A step inside that makes one call.</summary>
    public static InsideStep Inside(string title, string? field = null) => new()
    {
        Title = title,
        Why = "because " + title,
        Field = field,
        Compile = builder => builder.Call(SystemCallNumber.Chdir, $"chdir({title})", builder.String(title)),
        Shell = () => [$"cd {title}"],
    };

    /// <summary>Two steps on the host, two inside, one on the host.</summary>
    public static ContainerPlan Plan()
    {
        var plan = new ContainerPlan();
        var log = new List<string>();
        plan.Add(Host("first", log));
        plan.AddStart(Host("start", log));
        plan.Add(Inside("/a", "--workdir"));
        plan.Add(Inside("/b"));
        plan.Add(Host("last", log));
        return plan;
    }
}
