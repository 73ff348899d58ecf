using Littlebox.Linux;

namespace Littlebox.Namespaces.Tests;

/// <summary>Counts descriptors of the whole process, so no other test may run beside it.</summary>
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(LeakTests))]
public sealed class LeakTests
{
    [Fact]
    public void Surveys_pins_and_entries_leave_no_descriptor_open()
    {
        Machine.NeedRoot();
        Everything();
        int before = 0, after = 1;
        // The runtime opens descriptors of its own when it likes (a pool that grows on a busy machine); a leak of ours shows every time.
        for (int tries = 0; tries < 5 && after > before; tries++)
        {
            before = Directory.GetFiles("/proc/self/fd").Length;
            for (int i = 0; i < 3; i++) Everything();
            after = Directory.GetFiles("/proc/self/fd").Length;
        }
        // Fewer is no leak: what earlier tests left to the finalizer goes when it likes.
        Assert.InRange(after, 0, before);
    }

    private static void Everything() => Machine.WithPrivateRun(() =>
    {
        var pins = new NamespacePins();
        NamespaceMaker.Make(pins, NamespaceFlags.Uts | NamespaceFlags.Mount, "blue");
        Assert.Throws<LittleboxException>(() => NamespaceMaker.Make(pins, NamespaceFlags.Uts, "blue"));
        using (OpenNamespaces target = new TargetResolver(NoContainers.Instance, pins).Open("blue"))
        {
            Assert.Equal(0, NamespaceEntry.Run(target, new EntryRequest(["/bin/true"], NamespaceFlags.Uts) { Environment = [] }));
            Assert.Throws<LittleboxException>(() => NamespaceEntry.Run(target, new EntryRequest(["/no/such"], NamespaceFlags.Uts) { Environment = [] }));
        }
        NamespaceSurvey.Take();
        pins.Collect(new CollectOptions(Dead: true));
        Assert.Empty(pins.All());
    });
}
