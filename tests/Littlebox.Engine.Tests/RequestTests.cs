using Littlebox.Engine.Options;
using Littlebox.Images;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Plan.Explain;
using Littlebox.Runtime;
using Littlebox.Runtime.Request;
using Littlebox.Runtime.State;

namespace Littlebox.Engine.Tests;

/// <summary>From options to a request and its plan: made, explained and compared without any rights, and nothing is touched.</summary>
public sealed class RequestTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly StateStore store;
    private readonly string root;

    public RequestTests()
    {
        store = new StateStore(directory["store"]);
        directory.Write("root/etc/passwd", "root:x:0:0::/root:/bin/sh\nalice:x:0:0::/home/alice:/bin/sh\n");
        root = directory["root"];
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_request_has_the_defaults_of_the_walkthrough()
    {
        ContainerRequest request = Resolve(new RunOptions { Root = root, Name = "web" });
        Assert.Equal(("web", "web", "/", "/bin/sh"), (request.Name, request.HostName, request.WorkingDirectory, Assert.Single(request.Command)));
        Assert.Equal($"{store.Containers}/web", request.StateDirectory);
        Assert.Equal((root, false, root), (request.Root.Directory, request.Root.Overlay, request.Root.Word));
        Assert.Equal(CapabilitySet.Default, request.Capabilities);
        NamespaceChoices namespaces = request.Namespaces;
        Assert.All((NamespaceChoice[])[namespaces.Network, namespaces.Pid, namespaces.Ipc, namespaces.Uts, namespaces.CGroup], static choice => Assert.Equal(NamespaceSource.Private, choice.Source));
        Assert.Equal(NamespaceSource.Host, namespaces.Time.Source);
        Assert.Equal(Kernel.EffectiveUid == 0 ? NamespaceSource.Host : NamespaceSource.Private, namespaces.User.Source);
        Assert.False(Directory.Exists(store.Directory));
    }

    [Theory]
    [InlineData("--name", "a\0b")]
    [InlineData("--hostname", "a\0b")]
    [InlineData("--workdir", "/a\0b")]
    [InlineData("--user", "ro\0ot")]
    [InlineData("--pidfile", "/a\0b")]
    [InlineData("--env", "A=\0")]
    [InlineData("--volume", "/etc:/a\0")]
    [InlineData("--mount", "type=tmpfs,target=/a\0")]
    [InlineData("--tmpfs", "/a\0")]
    [InlineData("--net", "ns:\0")]
    [InlineData("--uidmap", "0:0:\0")]
    [InlineData("--gidmap", "0:0:\0")]
    [InlineData("--cap-add", "KILL\0")]
    [InlineData("--cap-drop", "KILL\0")]
    [InlineData("ROOT", "/\0")]
    [InlineData("COMMAND", "sh\0")]
    public void A_NUL_in_any_string_is_refused(string option, string value)
    {
        LittleboxException error = Assert.Throws<LittleboxException>(() => Resolve(new RunOptions
        {
            Root = option == "ROOT" ? value : root,
            Command = option == "COMMAND" ? [value] : [],
            Name = option == "--name" ? value : null,
            HostName = option == "--hostname" ? value : null,
            WorkingDirectory = option == "--workdir" ? value : null,
            User = option == "--user" ? value : null,
            PidFile = option == "--pidfile" ? value : null,
            Environment = option == "--env" ? [value] : [],
            Volumes = option == "--volume" ? [value] : [],
            Mounts = option == "--mount" ? [value] : [],
            Tmpfs = option == "--tmpfs" ? [value] : [],
            Namespaces = option == "--net" ? new Dictionary<string, string> { ["net"] = value } : new Dictionary<string, string>(),
            UidMap = option == "--uidmap" ? [value] : [],
            GidMap = option == "--gidmap" ? [value] : [],
            AddCapabilities = option == "--cap-add" ? [value] : [],
            DropCapabilities = option == "--cap-drop" ? [value] : [],
        }));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.StartsWith(option, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', error.Message);
        Assert.False(Directory.Exists(store.Directory));
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(0, false)]
    public void A_host_name_has_1_to_64_bytes(int length, bool valid)
    {
        var options = new RunOptions { Root = root, HostName = new string('h', length) };
        if (valid) Assert.Equal(length, Resolve(options).HostName.Length);
        else Assert.Contains($"1 to 64 bytes, this one {length}", Assert.Throws<LittleboxException>(() => Resolve(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_name_gives_a_host_name_that_is_cut() => Assert.Equal(64, Resolve(new RunOptions { Root = root, Name = new string('n', 100) }).HostName.Length);

    [Fact]
    public void A_working_directory_cannot_lead_above_the_root() =>
        Assert.Equal("/etc", Resolve(new RunOptions { Root = root, WorkingDirectory = "/a/../../../etc" }).WorkingDirectory);

    [Fact]
    public void The_plan_of_a_request_is_the_walkthrough_in_its_order()
    {
        ContainerPlan plan = Launch(new RunOptions { Root = root, Name = "web", Command = ["true"] }).Plan;
        string[] titles = [.. plan.Steps.Select(static step => step.Title)];
        // What matters of the order: pivot behind all mounts, nothing but losing rights behind it, the program last inside.
        string[] order = ["Take a directory for the container", "Start the child in its new namespaces", "Tie the container's life to littlebox", "Switch the loopback link on", "Give the container its host name", "Execute the command", "Write down the container"];
        int[] places = [.. order.Select(title => Array.IndexOf(titles, title))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        int pivot = Array.FindIndex(titles, static title => title.Contains("pivot", StringComparison.OrdinalIgnoreCase) || title.Contains("Change to the new root", StringComparison.Ordinal));
        Assert.DoesNotContain(titles.Skip(pivot + 1), static title => title.StartsWith("Mount ", StringComparison.Ordinal));
        Assert.All(plan.Steps, static step => Assert.False(string.IsNullOrWhiteSpace(step.Why), step.Title));
        Assert.False(Directory.Exists(store.Directory));
    }

    [Fact]
    public void The_same_options_give_the_same_plan_and_an_option_adds_its_steps_only()
    {
        string Text(params string[] tmpfs) => PlanText.Of(Launch(new RunOptions { Root = root, Name = "web", Command = ["true"], Tmpfs = tmpfs }).Plan, colour: false);
        Assert.Equal(Text(), Text());
        string[] more = [.. Text("/run/x:size=1m").Split('\n').Select(WithoutNumber)], less = [.. Text().Split('\n').Select(WithoutNumber)];
        Assert.Empty(less.Except(more));
        Assert.Contains("Mount an empty file system in memory at /run/x  (--tmpfs=/run/x:size=1m)", more);
        Assert.DoesNotContain(less, static line => line.Contains("/run/x", StringComparison.Ordinal));
    }

    [Fact]
    public void A_script_of_a_plan_can_be_read_by_bash()
    {
        string script = directory.Write("script", PlanScript.Of(Launch(new RunOptions { Root = root, Name = "web", Command = ["sh", "-c", "echo 'it''s' $x \\ \n\" "], Environment = ["A='b"] }).Plan));
        using var bash = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-n", script]) { RedirectStandardError = true })!;
        Assert.Equal("", bash.StandardError.ReadToEnd());
        bash.WaitForExit();
        Assert.Equal(0, bash.ExitCode);
    }

    [Fact]
    public void A_program_of_a_plan_is_within_the_limits_of_the_shared_page()
    {
        var options = new RunOptions { Root = root, Name = "web", Command = ["true"], Terminal = true, Init = true, ReadOnly = true, Tmpfs = [.. Enumerable.Range(0, 40).Select(static i => $"/mnt/{i}")] };
        Assert.InRange(Launch(options).Plan.Compile(keepsText: true).Count, 100, 2000);
    }

    private static string WithoutNumber(string line) => line.TrimStart(' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');

    private ContainerRequest Resolve(RunOptions options) => new RequestResolver(store, new RootResolver(new RootStore(directory["data"]))).Resolve(options);

    private ContainerLaunch Launch(RunOptions options) => new(Resolve(options), store);
}
