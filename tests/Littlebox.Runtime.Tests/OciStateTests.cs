using CsCheck;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Tests;

/// <summary>state.json of littlebox-oci, written and read.</summary>
public sealed class OciStateTests
{
    private static readonly OciContainerState Whole = new()
    {
        Id = "web",
        Pid = 4711,
        StartTicks = long.MaxValue,
        Bundle = "/b \"ä\n",
        Rootfs = "/b/rootfs",
        Created = "2026-02-14T10:00:00.0000000Z",
        Owner = -2,
        OciVersion = "1.3.0",
        CGroups = new Dictionary<string, string> { [""] = "/sys/fs/cgroup/unified/web", ["cpu"] = "/sys/fs/cgroup/cpu/web" },
        CGroupManager = "systemd",
        Annotations = [new("a", "1"), new("a.b/c", "\u0001😀"), new("a", "2")],
        Creating = true,
        HasHooks = true,
        HasNoProgram = true,
        NoNewKeyring = true,
    };

    [Fact]
    public void A_record_is_read_as_it_was_written() => Gen.Select(Gen.String, Gen.Int, Gen.Long, Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool).Sample(static (text, number, ticks, creating, hooks, none, keyring) =>
    {
        OciContainerState state = Whole with { Bundle = Valid(text), Pid = number, StartTicks = ticks, Creating = creating, HasHooks = hooks, HasNoProgram = none, NoNewKeyring = keyring, CGroupManager = "" };
        OciContainerState read = OciContainerState.Parse(state.ToJson())!;
        Assert.Equal(state.CGroups, read.CGroups);
        Assert.Equal(state.Annotations, read.Annotations);
        Assert.Equal(state, read with { CGroups = state.CGroups, Annotations = state.Annotations });
    }, iter: 2000);

    [Fact]
    public void A_record_cut_short_or_with_more_behind_it_is_none()
    {
        byte[] json = Whole.ToJson();
        Assert.NotNull(OciContainerState.Parse(json));
        for (int length = 0; length < json.Length; length++) Assert.Null(OciContainerState.Parse(json.AsSpan(0, length)));
        Assert.Null(OciContainerState.Parse([.. json, (byte)'x']));
        Assert.Null(OciContainerState.Parse([.. json, .. json]));
    }

    [Fact]
    public void A_record_with_a_byte_changed_is_read_or_is_none()
    {
        byte[] json = Whole.ToJson();
        Gen.Select(Gen.Int[0, json.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            byte[] damaged = [.. json];
            damaged[at] = value;
            OciContainerState.Parse(damaged);
        }, iter: 20_000);
    }

    [Theory]
    [InlineData("\"pid\":4711", "\"pid\":99999999999")]
    [InlineData("\"pid\":4711", "\"pid\":\"4711\"")]
    [InlineData("\"id\":\"web\"", "\"id\":null")]
    [InlineData("\"id\":\"web\"", "\"id\":7")]
    [InlineData("\"id\":\"web\",", "")]
    [InlineData("\"annotations\":{", "\"annotations\":[{")]
    public void A_record_with_something_else_in_a_field_is_none(string written, string instead)
    {
        string json = System.Text.Encoding.UTF8.GetString(Whole.ToJson());
        Assert.Contains(written, json, StringComparison.Ordinal);
        Assert.Null(OciContainerState.Parse(System.Text.Encoding.UTF8.GetBytes(json.Replace(written, instead, StringComparison.Ordinal))));
    }

    // Without halves of a pair, which JSON's UTF-8 cannot hold.
    private static string Valid(string text) => new([.. text.Where(static c => !char.IsSurrogate(c))]);
}
