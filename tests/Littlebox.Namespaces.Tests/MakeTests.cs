using Littlebox.Linux;

namespace Littlebox.Namespaces.Tests;

public sealed class MakeTests
{
    private readonly NamespacePins pins = new();

    public MakeTests() => Machine.NeedRoot();

    [Fact]
    public void Namespaces_are_made_without_a_process_and_the_loopback_is_up() => Machine.WithPrivateRun(() =>
    {
        const NamespaceFlags Kinds = NamespaceFlags.Network | NamespaceFlags.Uts | NamespaceFlags.Ipc | NamespaceFlags.Mount | NamespaceFlags.CGroup | NamespaceFlags.Time;
        IReadOnlyList<NamespacePin> made = NamespaceMaker.Make(pins, Kinds, "blue");
        Assert.Equal(6, made.Count);
        NamespaceSurvey survey = NamespaceSurvey.Take();
        Assert.All(made, pin =>
        {
            LiveNamespace space = survey.Find(pin.Id!.Value)!;
            Assert.Equal(0, space.ProcessCount);
            Assert.All(space.Holders, holder => Assert.Equal(pin.Path, Assert.IsType<MountHolder>(holder).Path));
        });
        Assert.Contains("LOOPBACK,UP", Machine.Run("nsenter", "--net=/run/netns/blue", "ip", "link", "show", "lo"));
        Assert.DoesNotContain("shared:", Machine.Run("nsenter", "--mount=/run/littlebox/ns/blue/mnt", "cat", "/proc/self/mountinfo"));
    });

    [Theory]
    [InlineData(IdMapping.Identity, "0 0 4294967295")]
    [InlineData(IdMapping.Root, "0 0 1")]
    public void A_user_namespace_owns_what_is_made_with_it(IdMapping mapping, string map) => Machine.WithPrivateRun(() =>
    {
        NamespaceMaker.Make(pins, NamespaceFlags.User | NamespaceFlags.Network, "blue", mapping);
        using OpenNamespaces made = pins.TryOpen("blue")!;
        Assert.Equal(made[NamespaceFlags.User], NamespaceSurvey.Take().Find(made[NamespaceFlags.Network]!.Value)!.Owner);
        string inside = Machine.Run("nsenter", "--user=/run/littlebox/ns/blue/user", "cat", "/proc/self/uid_map");
        Assert.Equal(map, string.Join(' ', inside.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
    });

    [Fact]
    public void A_pid_namespace_without_a_process_is_refused_with_the_reason()
    {
        LittleboxException error = Assert.Throws<LittleboxException>(() => NamespaceMaker.Make(pins, NamespaceFlags.Pid | NamespaceFlags.Uts, "blue"));
        Assert.Contains("first process", error.Message);
    }

    [Fact]
    public void Where_the_name_is_in_use_nothing_is_left() => Machine.WithPrivateRun(() =>
    {
        NamespaceMaker.Make(pins, NamespaceFlags.Uts, "blue");
        int before = NamespaceSurvey.Take().All.Count(space => space.Kind is NamespaceFlags.Ipc);
        Assert.Throws<LittleboxException>(() => NamespaceMaker.Make(pins, NamespaceFlags.Uts | NamespaceFlags.Ipc, "blue"));
        Assert.Single(pins.All());
        Assert.InRange(NamespaceSurvey.Take().All.Count(space => space.Kind is NamespaceFlags.Ipc), 0, before + 1);
    });
}
