using CsCheck;
using Littlebox.Engine.Options;
using Littlebox.Linux;
using Littlebox.Runtime.Request;
using Littlebox.Runtime.State;

namespace Littlebox.Engine.Tests;

/// <summary>The options that have a form of their own: what they mean, what is refused, and that nothing else can come out of any text.</summary>
public sealed class ParserTests : IDisposable
{
    private static readonly Gen<string> Texts = Gen.String[Gen.Char["abz:,=/.\0\n 019-rowxtmpfsindvs"], 0, 24];

    private readonly TemporaryDirectory directory = new();
    private readonly StateStore store;

    public ParserTests() => store = new StateStore(directory["store"]);

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("/etc:/data", "/etc", "/data", false, true, "Private")]
    [InlineData("/etc:/data:ro", "/etc", "/data", true, true, "Private")]
    [InlineData("/etc:/data:ro,rw,rslave", "/etc", "/data", false, true, "Slave")]
    [InlineData("/etc/:/data//x/../y/", "/etc/", "/data/y/", false, true, "Private")]
    [InlineData("/etc:/data:bind,shared", "/etc", "/data", false, false, "Shared")]
    public void A_volume(string text, string source, string target, bool readOnly, bool recursive, string propagation)
    {
        MountRequest mount = MountParser.Volume(text);
        Assert.Equal((MountKind.Bind, source, target, readOnly, recursive, "--volume=" + text), (mount.Kind, mount.Source, mount.Target, mount.ReadOnly, mount.Recursive, mount.Field));
        Assert.Contains(propagation, $"{mount.Propagation}|{(mount.Propagation == MountFlags.Slave ? "Slave" : mount.Propagation == MountFlags.Shared ? "Shared" : "Private")}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("type=bind,source=/etc,target=/data", "/etc", "/data", false)]
    [InlineData("src=/etc,dst=/data,readonly", "/etc", "/data", true)]
    [InlineData("source=/etc,destination=/data,ro=true", "/etc", "/data", true)]
    [InlineData("source=/etc,target=/data,readonly=false", "/etc", "/data", false)]
    public void A_mount(string text, string source, string target, bool readOnly)
    {
        MountRequest mount = MountParser.Mount(text);
        Assert.Equal((source, target, readOnly), (mount.Source, mount.Target, mount.ReadOnly));
    }

    [Fact]
    public void An_empty_file_system_in_memory_is_harmless_unless_asked_otherwise()
    {
        MountRequest mount = MountParser.Tmpfs("/run:size=64m,mode=1777");
        Assert.Equal(MountAttributes.NoSetId | MountAttributes.NoDevices | MountAttributes.NoExecute, mount.Attributes);
        Assert.Equal([new("size", "64m"), new("mode", "1777")], mount.Options);
        Assert.Equal(MountAttributes.NoSetId | MountAttributes.NoDevices, MountParser.Tmpfs("/run:exec").Attributes);
        Assert.Equal([new("size", "5")], MountParser.Mount("type=tmpfs,target=/run,tmpfs-size=5").Options);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("/etc")]
    [InlineData("/etc:")]
    [InlineData(":/data")]
    [InlineData("/etc:data")]
    [InlineData("/etc:/")]
    [InlineData("/etc:/..")]
    [InlineData("/etc:/a:ro:rw")]
    [InlineData("/etc:/a:fast")]
    [InlineData("/no/such/file:/a")]
    [InlineData("etc:/a")]
    [InlineData("/etc:/a\0b")]
    [InlineData("/e\0tc:/a")]
    [InlineData("/etc:/a\nb")]
    public void What_is_no_volume_is_refused(string text) => Refused("--volume", () => MountParser.Volume(text));

    [Theory]
    [InlineData("")]
    [InlineData("target=/a")]
    [InlineData("source=/etc")]
    [InlineData("type=volume,target=/a")]
    [InlineData("type=tmpfs,source=/etc,target=/a")]
    [InlineData("type=tmpfs,target=/a,tmpfs-mode=999")]
    [InlineData("source=/etc,target=/a,tmpfs-size=1")]
    [InlineData("source=/etc,target=/a,bind-propagation=ro")]
    [InlineData("source=/etc,target=/a,readonly=maybe")]
    [InlineData("source=/etc,target=/a,colour=red")]
    [InlineData("source=/etc,target=/a\0")]
    public void What_is_no_mount_is_refused(string text) => Refused("--mount", () => MountParser.Mount(text));

    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("/")]
    [InlineData("/run:size")]
    [InlineData("/run:size=")]
    [InlineData("/run:mode=8")]
    [InlineData("/run:colour=red")]
    [InlineData("/run\0")]
    public void What_is_no_tmpfs_is_refused(string text) => Refused("--tmpfs", () => MountParser.Tmpfs(text));

    [Fact]
    public void Whatever_is_mounted_has_an_absolute_target_below_the_root() => Texts.Sample(static text =>
    {
        foreach (Func<string, MountRequest> parse in (Func<string, MountRequest>[])[static rest => MountParser.Volume("/etc:" + rest), static rest => MountParser.Mount("source=/etc,target=" + rest), MountParser.Tmpfs])
        {
            try
            {
                MountRequest mount = parse(text);
                if (!mount.Target.StartsWith('/') || mount.Target.Trim('/').Length == 0 || mount.Target.Split('/').Contains("..") || mount.Target.Any(static c => c is '\0' or '\n')) return false;
            }
            catch (LittleboxException error) when (error.Kind == ErrorKind.InvalidArgument)
            {
                if (error.Message.Contains('\n') || error.Details.Count == 0) return false;
            }
        }
        return true;
    }, iter: 20_000);

    [Theory]
    [InlineData("private", NamespaceSource.Private)]
    [InlineData("none", NamespaceSource.Private)]
    [InlineData("host", NamespaceSource.Host)]
    [InlineData("ns:/proc/self/ns/net", NamespaceSource.Path)]
    public void A_namespace(string text, NamespaceSource source) => Assert.Equal(source, NamespaceParser.Parse("net", text, store).Source);

    [Theory]
    [InlineData("net", "")]
    [InlineData("net", "Host")]
    [InlineData("net", "ns:")]
    [InlineData("net", "ns:/no/such/file")]
    [InlineData("net", "container:")]
    [InlineData("net", "container:nobody")]
    [InlineData("net", "container:../../etc")]
    [InlineData("pid", "none")]
    [InlineData("uts", "host\0")]
    [InlineData("time", "host\n")]
    public void What_is_no_namespace_is_refused(string option, string text) => Refused("--" + option, () => NamespaceParser.Parse(option, text, store));

    [Fact]
    public void Any_text_is_a_namespace_or_an_error_that_names_the_option() => Texts.Sample(text =>
    {
        try
        {
            NamespaceParser.Parse("ipc", text, store);
            return text is "private" or "host" || text.StartsWith("ns:", StringComparison.Ordinal);
        }
        catch (LittleboxException error)
        {
            return error.Message.StartsWith("--ipc=", StringComparison.Ordinal) && !error.Message.Contains('\n');
        }
    }, iter: 5000);

    [Fact]
    public void The_environment_is_a_fixed_one_and_what_is_added_and_the_last_word_counts()
    {
        Environment.SetEnvironmentVariable("LITTLEBOX_TEST_PASSED", "on");
        Assert.Equal(
            ["PATH=/opt", "HOSTNAME=web", "HOME=/root", "container=littlebox", "A=3=4", "LITTLEBOX_TEST_PASSED=on"],
            EnvironmentBuilder.Build(["A=1", "PATH=/opt", "A=3=4", "LITTLEBOX_TEST_PASSED", "LITTLEBOX_TEST_NOT_SET"], "/root", "web", terminal: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("=x")]
    [InlineData("A\0=x")]
    [InlineData("A=x\0y")]
    [InlineData("A\nB=x")]
    public void What_is_no_variable_is_refused(string text) => Refused("--env", () => EnvironmentBuilder.Build([text], "/", "h", terminal: false));

    [Fact]
    public void Variables_have_different_names() => Texts.Array[0, 6].Sample(static texts =>
    {
        try
        {
            IReadOnlyList<string> variables = EnvironmentBuilder.Build(texts, "/", "h", terminal: true);
            return variables.Select(static variable => variable.Split('=')[0]).Distinct().Count() == variables.Count && variables.All(static variable => variable.IndexOf('=') > 0);
        }
        catch (LittleboxException)
        {
            return true;
        }
    }, iter: 3000);

    [Theory]
    [InlineData("0:100000:65536")]
    [InlineData("0:0:1")]
    [InlineData("0:4294967294:1")]
    public void A_map_of_ids(string text) => Assert.Equal(text, string.Join(':', IdMapResolver.Parse("--uidmap", [text])[0].ToString().Split(' ')));

    [Theory]
    [InlineData("")]
    [InlineData("0:0")]
    [InlineData("0:0:0")]
    [InlineData("0:0:-1")]
    [InlineData("0x0:0:1")]
    [InlineData("0:4294967295:1")]
    [InlineData("0:4294967296:1")]
    [InlineData("0:0:4294967296")]
    [InlineData(" 0:0:1")]
    [InlineData("0:0:1\n")]
    [InlineData("0:0:1:1")]
    public void What_is_no_map_of_ids_is_refused(string text)
    {
        Refused("--uidmap", () => IdMapResolver.Resolve([text], []));
        Refused("--gidmap", () => IdMapResolver.Resolve([], [text]));
    }

    [Fact]
    public void Maps_that_overlap_or_lack_root_are_refused()
    {
        Refused("--uidmap", static () => IdMapResolver.Resolve(["0:100:10", "9:200:10"], []));
        Refused("--uidmap", static () => IdMapResolver.Resolve(["1:100:10"], []));
    }

    [Fact]
    public void Maps_that_are_taken_do_not_overlap_and_do_not_wrap() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UInt).Array[1, 4].Sample(static ranges =>
        {
            try
            {
                var map = IdMapResolver.Parse("--uidmap", [.. ranges.Select(static (range, i) => $"{(i == 0 ? 0 : range.Item1)}:{range.Item2}:{range.Item3}")]);
                var sorted = map.OrderBy(static range => range.Inside).ToList();
                return sorted.Zip(sorted.Skip(1)).All(static pair => (ulong)pair.First.Inside + pair.First.Count <= pair.Second.Inside) && sorted.All(static range => (ulong)range.Outside + range.Count <= uint.MaxValue);
            }
            catch (LittleboxException)
            {
                return true;
            }
        }, iter: 5000);

    private static void Refused(string option, Action parse)
    {
        LittleboxException error = Assert.Throws<LittleboxException>(parse);
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.StartsWith(option, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain('\0', error.Message);
    }
}
