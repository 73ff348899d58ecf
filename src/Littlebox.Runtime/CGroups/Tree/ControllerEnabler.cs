using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// Version 2: a cgroup has the controllers that its parent has enabled for its children (<c>cgroup.subtree_control</c>), and so on up to the root
/// (kernel, cgroup-v2.rst, Controlling Controllers). Enables all that are there, for limits that come later and for statistics; in a hybrid layout
/// only what is asked for, since there the machine counts elsewhere.
/// </summary>
/// <param name="needed">The controllers that limits of the container need.</param>
/// <param name="all">Enable whatever is there, not only what is needed.</param>
internal sealed class ControllerEnabler(IReadOnlyCollection<string> needed, bool all)
{
    private readonly List<(string Controller, string Where, Errno Error)> failures = [];
    private readonly List<(string Controller, string Where)> missing = [];

    /// <summary>Enables them for the children of a cgroup. What cannot be enabled is remembered for <see cref="Verify"/>.</summary>
    public void EnableBelow(ICGroupNode node)
    {
        string[] there = Words(node, "cgroup.controllers"), enabled = Words(node, "cgroup.subtree_control");
        foreach (string controller in needed)
        {
            if (!there.Contains(controller)) missing.Add((controller, node.Path));
        }
        string[] wanted = [.. there.Where(name => !enabled.Contains(name) && (all || needed.Contains(name)))];
        if (wanted.Length == 0 || node.TryWrite("cgroup.subtree_control", "+" + string.Join(" +", wanted)) is Errno.None) return;
        // All or nothing is how the kernel takes a line; so once more, one by one.
        foreach (string controller in wanted)
        {
            Errno error = node.TryWrite("cgroup.subtree_control", "+" + controller);
            if (error is not Errno.None) failures.Add((controller, node.Path, error));
        }
    }

    /// <summary>Checks that a controller has arrived at the container's cgroup.</summary>
    /// <param name="leaf">The container's cgroup.</param>
    /// <param name="controller">The controller.</param>
    /// <param name="pointer">The field of config.json that needs it.</param>
    /// <exception cref="LittleboxException">It has not: the sentence says at which cgroup it ends, and why.</exception>
    public void Verify(ICGroupNode leaf, string controller, string pointer)
    {
        string type = leaf.TryRead("cgroup.type")?.Trim() ?? "domain";
        if (type == "domain invalid")
        {
            throw new LittleboxException(ErrorKind.NotSupported, $"{leaf.Path} is below a threaded cgroup (cgroup.type is “domain invalid”), so that no process can be put into it: "
                + "choose another /linux/cgroupsPath");
        }
        if (Words(leaf, "cgroup.controllers").Contains(controller)) return;
        throw new LittleboxException(ErrorKind.NotSupported, $"{pointer} cannot be enforced: {Reason(controller, leaf.Path)}");
    }

    private string Reason(string controller, string leaf)
    {
        foreach ((string name, string where) in missing)
        {
            if (name == controller) return $"the controller {controller} is not delegated to {where} (its cgroup.controllers does not name it)";
        }
        foreach ((string name, string where, Errno error) in failures)
        {
            if (name != controller) continue;
            string why = error switch
            {
                Errno.EBUSY => "it has processes of its own, and version 2 allows that only without controllers: move them into a cgroup beneath it",
                Errno.EACCES or Errno.EPERM => "this user may not write there",
                Errno.EROFS => "it is mounted read-only",
                Errno.ENOENT => "it is gone from there",
                Errno.EOPNOTSUPP => "it is a threaded cgroup",
                _ => error.Describe(),
            };
            return $"the controller {controller} cannot be enabled in {where}/cgroup.subtree_control: {why}";
        }
        return $"the controller {controller} is not in {leaf}/cgroup.controllers";
    }

    internal static string[] Words(ICGroupNode node, string file) => (node.TryRead(file) ?? "").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
