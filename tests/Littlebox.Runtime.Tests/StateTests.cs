using CsCheck;
using Littlebox.Linux;
using Littlebox.Runtime.State;

namespace Littlebox.Runtime.Tests;

/// <summary>Names, records and directories of containers, in a store of the test's own.</summary>
public sealed class StateTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly StateStore store;

    public StateTests() => store = new StateStore(directory["store"]);

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("a", true)]
    [InlineData("web-1.test_2", true)]
    [InlineData("0", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("-a", false)]
    [InlineData("_a", false)]
    [InlineData("a/b", false)]
    [InlineData("a\n", false)]
    [InlineData("a\0", false)]
    [InlineData("ä", false)]
    [InlineData("a b", false)]
    public void A_name_is_a_word_that_is_no_path(string name, bool valid)
    {
        Assert.Equal(valid, ContainerName.IsValid(name));
        if (!valid) Assert.StartsWith("--name=", Assert.Throws<LittleboxException>(() => ContainerName.Check(name, "--name")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_has_128_characters_at_most()
    {
        Assert.True(ContainerName.IsValid(new string('a', 128)));
        Assert.False(ContainerName.IsValid(new string('a', 129)));
    }

    [Fact]
    public void A_name_that_is_valid_is_one_component_of_a_path_whatever_it_is() => Gen.String[0, 6].Sample(static name =>
        !ContainerName.IsValid(name) || (Path.GetFileName("/x/" + name) == name && name is not ("." or "..") && !name.Any(char.IsControl)), iter: 20_000);

    [Fact]
    public void Names_that_are_made_up_are_valid() => Assert.All(Enumerable.Range(0, 200), static _ => Assert.True(ContainerName.IsValid(ContainerName.MakeUp())));

    [Fact]
    public void A_record_is_read_as_it_was_written()
    {
        ContainerRecord record = Record("web", Environment.ProcessId) with { Command = ["sh", "-c", "echo \"ä\n\"", "\udcff😀\udc80", "\udcc3("], PidFile = "/run/x.pid", SharesPids = true, MountNamespace = ulong.MaxValue };
        ContainerRecord read = ContainerRecord.Parse(record.ToJson())!;
        Assert.Equal(record with { Command = read.Command, Environment = read.Environment }, read);
        Assert.Equal(record.Command, read.Command);
        Assert.Equal(record.Environment, read.Environment);
    }

    [Fact]
    public void What_is_no_record_is_none()
    {
        byte[] whole = Record("web", 1).ToJson();
        for (int length = 0; length < whole.Length; length++) Assert.Null(ContainerRecord.Parse(whole[..length]));
        foreach (string text in (string[])["[]", "null", "7", "{}", "{\"name\":7}", "\0"]) Assert.Null(ContainerRecord.Parse(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void A_record_with_bytes_changed_is_read_or_is_none() => Gen.Select(Gen.Int[0, 400], Gen.Byte).Sample(static (at, value) =>
    {
        byte[] bytes = Record("web", 1).ToJson();
        bytes[at % bytes.Length] = value;
        _ = ContainerRecord.Parse(bytes);
    }, iter: 5000);

    [Fact]
    public void A_name_is_taken_once_until_it_is_let_go()
    {
        ContainerDirectory taken = ContainerDirectory.Take(store, "web");
        taken.Write(Record("web", Environment.ProcessId));
        Assert.Contains("in use by a running container (PID ", Assert.ThrowsAny<LittleboxException>(() => ContainerDirectory.Take(store, "web")).Message, StringComparison.Ordinal);
        Assert.Equal("web", store.Find("web")!.Name);
        Assert.Equal(["web"], store.Running().Select(static record => record.Name));
        taken.Release();
        Assert.Null(store.Find("web"));
        Assert.Empty(Directory.GetFileSystemEntries(store.Containers));
        ContainerDirectory.Take(store, "web").Release();
    }

    [Fact]
    public void What_a_littlebox_that_died_has_left_goes_and_what_is_locked_stays()
    {
        ContainerDirectory living = ContainerDirectory.Take(store, "living");
        living.Write(Record("living", Environment.ProcessId));
        // Left over: no lock. One with a record of a process that is long gone, one damaged, one empty, and one with a file.
        Directory.CreateDirectory(store.Containers + "/gone");
        File.WriteAllBytes(store.Containers + "/gone/state.json", Record("gone", int.MaxValue).ToJson());
        Directory.CreateDirectory(store.Containers + "/damaged");
        File.WriteAllText(store.Containers + "/damaged/state.json", "{\"na");
        Directory.CreateDirectory(store.Containers + "/deep/below/more");
        Tidy.All(store);
        // Those without a record could be just being made: they go when nobody makes one, and that is so.
        Tidy.All(store);
        Assert.Equal(["living"], Directory.GetFileSystemEntries(store.Containers).Select(Path.GetFileName));
        living.Release();
    }

    [Fact]
    public void A_process_that_has_the_number_of_a_dead_container_is_not_ended()
    {
        using var sleeper = System.Diagnostics.Process.Start("sleep", ["1000"]);
        try
        {
            Directory.CreateDirectory(store.Containers + "/reused");
            File.SetUnixFileMode(store.Containers, (UnixFileMode)0b111_000_000);
            // The record is of a process that was made an hour before this one.
            File.WriteAllBytes(store.Containers + "/reused/state.json", (Record("reused", sleeper.Id) with { StartedAtBootTime = Kernel.BootTime - 3_600_000_000_000 }).ToJson());
            Assert.Null(store.Find("reused"));
            Tidy.All(store);
            Assert.False(Directory.Exists(store.Containers + "/reused"));
            Assert.False(sleeper.HasExited);
        }
        finally
        {
            sleeper.Kill();
        }
    }

    [Fact]
    public void A_link_in_the_place_of_a_container_is_not_followed()
    {
        directory.Write("precious/state.json", "keep");
        store.OpenContainers().Dispose();
        File.CreateSymbolicLink(store.Containers + "/link", directory["precious"]);
        Tidy.All(store);
        Assert.True(File.Exists(directory["precious/state.json"]));
        Assert.ThrowsAny<LittleboxException>(() => ContainerDirectory.Take(store, "link"));
    }

    [Fact]
    public void A_store_that_others_may_write_to_is_refused()
    {
        Directory.CreateDirectory(store.Containers);
        File.SetUnixFileMode(store.Containers, (UnixFileMode)0b111_111_111);
        LittleboxException error = Assert.Throws<LittleboxException>(() => store.OpenContainers());
        Assert.Equal(ErrorKind.SafetyViolation, error.Kind);
        Assert.Contains("mode 0777", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_store_there_is_nothing_and_nothing_is_made()
    {
        Assert.Empty(store.Running());
        Assert.Null(store.Find("web"));
        Assert.Null(store.Find("../etc"));
        Tidy.All(store);
        Assert.False(Directory.Exists(store.Directory));
    }

    [Fact]
    public void A_process_is_told_from_a_later_one_with_its_number()
    {
        long now = Kernel.BootTime;
        long started = long.Parse(File.ReadAllText("/proc/self/stat").Split(") ")[1].Split(' ')[19]) * 10_000_000;
        Assert.True(ProcessIdentity.IsThatProcess(Environment.ProcessId, started));
        Assert.False(ProcessIdentity.IsThatProcess(Environment.ProcessId, started - 1_000_000_000));
        Assert.False(ProcessIdentity.IsThatProcess(Environment.ProcessId, started + 60_000_000_000));
        Assert.False(ProcessIdentity.IsThatProcess(int.MaxValue, now));
    }

    private static ContainerRecord Record(string name, int pid) => new()
    {
        Name = name,
        Pid = pid,
        StartedAtBootTime = long.Parse(File.ReadAllText("/proc/self/stat").Split(") ")[1].Split(' ')[19]) * 10_000_000,
        Started = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Owner = 4,
        Root = "default",
        Command = ["sh"],
        Environment = ["PATH=/bin", "A=b"],
        Capabilities = CapabilitySet.Default,
    };
}
