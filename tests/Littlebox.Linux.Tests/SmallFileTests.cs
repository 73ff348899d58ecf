using Littlebox.Linux.Text;

namespace Littlebox.Linux.Tests;

public sealed class SmallFileTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly Descriptor open;

    public SmallFileTests() => open = directory.Open();

    public void Dispose()
    {
        open.Dispose();
        directory.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(70_000)]
    public void A_file_is_read_whole_up_to_the_limit_and_refused_above_it(int size)
    {
        byte[] content = [.. Enumerable.Range(0, size).Select(index => (byte)index)];
        File.WriteAllBytes(directory.Path + "/file", content);
        using Descriptor exact = Kernel.OpenAt2(open.Number, "file", OpenFlags.ReadOnly);
        Assert.Equal(content, SmallFile.Read(exact.Number, size));
        if (size == 0) return;
        using Descriptor less = Kernel.OpenAt2(open.Number, "file", OpenFlags.ReadOnly);
        Assert.Null(SmallFile.Read(less.Number, size - 1));
    }

    [Fact]
    public void Files_of_proc_are_read_as_text_and_a_missing_one_is_null()
    {
        Assert.Contains("Name:", SmallFile.TryReadText("/proc/self/status"), StringComparison.Ordinal);
        Assert.Null(SmallFile.TryReadText("/proc/self/no-such-file"));
        Assert.Null(SmallFile.TryReadText("/proc/self/status", limit: 10));
        Assert.Null(SmallFile.TryReadText(directory.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_is_replaced_with_its_mode_and_nothing_else_is_left(bool durable)
    {
        SmallFile.Replace(open.Number, "state", "one"u8, durable: durable);
        SmallFile.Replace(open.Number, "state", "two"u8, mode: 0x1a4, durable: durable);
        Assert.Equal("two", File.ReadAllText(directory.Path + "/state"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(directory.Path + "/state"));
        Assert.Equal(["state"], Names());
    }

    [Fact]
    public void A_link_in_the_place_of_the_file_is_replaced_and_not_written_through()
    {
        File.WriteAllText(directory.Path + "/other", "other");
        File.CreateSymbolicLink(directory.Path + "/state", "other");
        SmallFile.Replace(open.Number, "state", "new"u8);
        Assert.Equal("other", File.ReadAllText(directory.Path + "/other"));
        Assert.Null(new FileInfo(directory.Path + "/state").LinkTarget);
    }

    [Fact]
    public void A_replacement_that_fails_leaves_nothing_behind()
    {
        Directory.CreateDirectory(directory.Path + "/state/full");
        Assert.Throws<SystemCallException>(() => SmallFile.Replace(open.Number, "state", "new"u8));
        Assert.Equal(["state"], Names());
    }

    [Fact]
    public async Task A_reader_never_sees_half_a_file_while_two_threads_replace_it()
    {
        SmallFile.Replace(open.Number, "state", Content(0));
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        Task[] writers = [.. Enumerable.Range(1, 2).Select(writer => Task.Run(() =>
        {
            for (int i = writer; !end.IsCancellationRequested; i += 2) SmallFile.Replace(open.Number, "state", Content(i));
        }))];
        int read = 0;
        while (!end.IsCancellationRequested)
        {
            string content = SmallFile.TryReadText("state", directory: open.Number) ?? throw new InvalidOperationException("the file has gone");
            Assert.True(content.Length > 0 && content.Length % 1000 == 0 && content.AsSpan().IndexOfAnyExcept(content[0]) < 0, $"{content.Length} characters, {Strace.Quote(content)}");
            read++;
        }
        await Task.WhenAll(writers);
        Assert.True(read > 0);
        Assert.Equal(["state"], Names());

        static byte[] Content(int number)
        {
            byte[] content = new byte[1000 * (1 + number % 9)];
            content.AsSpan().Fill((byte)('a' + number % 26));
            return content;
        }
    }

    private string[] Names() => [.. Directory.EnumerateFileSystemEntries(directory.Path).Select(name => Path.GetFileName(name)!)];
}
