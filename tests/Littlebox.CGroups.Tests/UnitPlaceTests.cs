using Littlebox.Linux;
using Littlebox.Runtime.CGroups;

namespace Littlebox.CGroups.Tests;

/// <summary>Which unit of systemd a container is.</summary>
public sealed class UnitPlaceTests
{
    [Theory]
    [InlineData("a.slice", "a.slice")]
    [InlineData("a-b-c.slice", "a.slice a-b.slice a-b-c.slice")]
    [InlineData("user-1000.slice", "user.slice user-1000.slice")]
    [InlineData("-.slice", "")]
    [InlineData("a.b.slice", "a.b.slice")]
    public void A_slice_lies_in_those_that_its_name_begins_with(string slice, string expected) => Assert.Equal(expected, string.Join(' ', UnitPlace.Expand(slice)));

    [Theory]
    [InlineData("a")]
    [InlineData(".slice")]
    [InlineData("-a.slice")]
    [InlineData("a-.slice")]
    [InlineData("a--b.slice")]
    [InlineData("a/b.slice")]
    [InlineData("a.slice/b.slice")]
    [InlineData("..slice/../x.slice")]
    [InlineData("a.scope")]
    [InlineData("a b.slice")]
    public void What_is_no_slice_is_refused(string slice) => Assert.Contains("/linux/cgroupsPath", Assert.Throws<LittleboxException>(() => UnitPlace.Expand(slice)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("machine.slice:libpod:0123", SystemdInstance.System, "machine.slice", "libpod-0123.scope", "machine.slice/libpod-0123.scope")]
    [InlineData("kubepods-burstable-podx.slice:cri-containerd:1", SystemdInstance.System, "kubepods-burstable-podx.slice", "cri-containerd-1.scope",
        "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podx.slice/cri-containerd-1.scope")]
    [InlineData(":docker:1", SystemdInstance.System, "system.slice", "docker-1.scope", "system.slice/docker-1.scope")]
    [InlineData(":libpod:1", SystemdInstance.User, "user.slice", "libpod-1.scope", "user.slice/libpod-1.scope")]
    [InlineData("-:a:b", SystemdInstance.System, "-.slice", "a-b.scope", "a-b.scope")]
    [InlineData("::b", SystemdInstance.System, "system.slice", "-b.scope", "system.slice/-b.scope")]
    [InlineData("_a.slice:memory.x:b", SystemdInstance.System, "_a.slice", "memory.x-b.scope", "__a.slice/_memory.x-b.scope")]
    [InlineData(null, SystemdInstance.System, "system.slice", "littlebox-id\\x2b1.scope", "system.slice/littlebox-id\\x2b1.scope")]
    [InlineData("", SystemdInstance.User, "user.slice", "littlebox-id\\x2b1.scope", "user.slice/littlebox-id\\x2b1.scope")]
    public void A_path_of_slice_prefix_and_name_is_a_scope(string? cgroupsPath, SystemdInstance instance, string slice, string unit, string cgroup)
    {
        UnitPlace place = UnitPlace.Parse(cgroupsPath, "id+1", instance);
        Assert.Equal((slice, unit, cgroup), (place.Slice, place.Unit, place.CGroup));
    }

    [Theory]
    [InlineData("/a/b")]
    [InlineData("a:b")]
    [InlineData("a.slice:b:c:d")]
    [InlineData("::")]
    [InlineData("a.slice:b:../c")]
    [InlineData("a.slice:b:c d")]
    [InlineData("a.slice:b:c\nd")]
    [InlineData("a.slice:b:c.slice")]
    [InlineData("a:b:c")]
    public void Another_path_is_refused_with_its_place(string cgroupsPath) =>
        Assert.StartsWith("config.json: /linux/cgroupsPath ", Assert.Throws<LittleboxException>(() => UnitPlace.Parse(cgroupsPath, "one", SystemdInstance.System)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_has_255_letters_at_most()
    {
        // a- and .scope take eight.
        Assert.Equal(255, UnitPlace.Parse("a.slice:a:" + new string('x', 247), "one", SystemdInstance.System).Unit.Length);
        Assert.Throws<LittleboxException>(() => UnitPlace.Parse("a.slice:a:" + new string('x', 248), "one", SystemdInstance.System));
    }
}
