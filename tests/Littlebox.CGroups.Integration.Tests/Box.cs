using System.Globalization;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.CGroups;

namespace Littlebox.CGroups.Integration.Tests;

/// <summary>
/// Cgroups of a test in this machine's hierarchies: below one of its own, and removed at its end with whoever is in them. Nothing else is touched;
/// on a hybrid machine no controller of version 2 is enabled, as that would change the root.
/// </summary>
internal sealed class Box : IDisposable
{
    private static int count;

    private readonly string parent = string.Create(CultureInfo.InvariantCulture, $"littlebox-test-{Environment.ProcessId}-{Interlocked.Increment(ref count)}");
    private readonly List<BootChild> children = [];

    public Box(LinuxResources? resources = null)
    {
        Assert.SkipUnless(Kernel.EffectiveUid == 0, "only root may make cgroups here");
        Layout = CGroupLayout.Read();
        try
        {
            CGroups = ContainerCGroups.Make(Layout, CGroupPath.Parse($"{parent}/box", "x"), ResourceLimits.Needed(resources, Layout));
            if (resources is not null) ResourceLimits.Apply(CGroups, resources);
        }
        catch
        {
            RemoveParents();
            throw;
        }
    }

    public CGroupLayout Layout { get; }

    public ContainerCGroups CGroups { get; }

    public string Read(string controller, string file) => File.ReadAllText($"{Path(controller)}/{file}").Trim();

    public string Path(string controller) => CGroups.Of(controller)!.Node.Path;

    /// <summary>Starts a shell command in the cgroups, as a container's first process gets there.</summary>
    public BootChild Start(string command)
    {
        using CGroupPlacement placement = CGroupPlacement.Prepare(CGroups);
        var boot = new BootBuilder();
        foreach (int tasks in placement.TaskFiles) boot.Call(SystemCallNumber.Write, $"write(tasks, \"0\", 1)", tasks, boot.Bytes("0"u8), 1);
        boot.ResetSignals();
        boot.Execute(["/bin/sh"], ["sh", "-c", command], ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]);
        BootChild child = BootChild.Start(boot, NamespaceFlags.None, [.. placement.TaskFiles], cgroup: placement.Unified);
        children.Add(child);
        MessageKind? message = child.Receive(out int operation, out _);
        Assert.True(message == MessageKind.Closed, $"operation {child.InProgram(operation)} failed: {child.Error}");
        return child;
    }

    /// <summary>The exit code of a shell command in the cgroups.</summary>
    public int Run(string command)
    {
        BootChild child = Start(command);
        return Kernel.Wait(child.Pid).ExitCode;
    }

    public static void Await(Func<bool> condition, string what)
    {
        long deadline = Environment.TickCount64 + 20_000;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < deadline, $"not in 20 s: {what}");
            Thread.Sleep(2);
        }
    }

    public void Dispose()
    {
        CGroupProcesses.KillAll(CGroups);
        foreach (BootChild child in children)
        {
            Kernel.TryWait(child.Pid, out _);
            child.Dispose();
        }
        CGroupRemoval.Remove(CGroups);
        RemoveParents();
    }

    private void RemoveParents()
    {
        foreach (CGroupHierarchy hierarchy in Layout.All)
        {
            CGroupPath path = CGroupPath.Parse(parent, "x");
            string directory = hierarchy.PathOf(path.Beneath(hierarchy, Layout.IsHybrid));
            if (!Directory.Exists(directory)) continue;
            using CGroupNode? above = CGroupNode.TryOpenAbsolute(System.IO.Path.GetDirectoryName(directory)!, hierarchy.IsUnified, out _);
            Assert.Equal(Errno.None, above!.TryRemove(parent));
        }
    }
}
