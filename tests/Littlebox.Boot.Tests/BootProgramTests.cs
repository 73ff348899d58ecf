using Littlebox.Linux;

namespace Littlebox.Boot.Tests;

/// <summary>Small programs, run in real children; no namespaces, so no rights are needed.</summary>
public sealed class BootProgramTests
{
    [Fact]
    public void A_program_ends_with_its_exit_code()
    {
        var builder = new BootBuilder();
        builder.Exit(42);
        Assert.Equal(42, Run(builder, out _, out _));
    }

    [Fact]
    public void A_call_that_fails_is_told_with_its_operation_and_error_and_the_rest_does_not_run()
    {
        var builder = new BootBuilder(keepsText: true);
        builder.Call(SystemCallNumber.Umask, $"umask(022)", 0x12);
        builder.Call(SystemCallNumber.Close, $"close(999999)", 999999);
        builder.Exit(0);
        Assert.Equal(125, Run(builder, out int failed, out Errno error));
        Assert.Equal((1, Errno.EBADF), (failed, error));
        Assert.Equal("close(999999)", builder.Describe(failed, static _ => ""));
    }

    [Fact]
    public void A_tolerated_error_goes_on_and_another_does_not()
    {
        var builder = new BootBuilder();
        builder.Call(SystemCallNumber.Close, $"", 999999).Tolerate(Errno.ENOENT, Errno.EBADF);
        builder.Call(SystemCallNumber.Close, $"", 999999).Tolerate(Errno.ENOENT);
        builder.Exit(0);
        Assert.Equal(125, Run(builder, out int failed, out _));
        Assert.Equal(1, failed);
    }

    [Fact]
    public void An_error_goes_to_its_label_and_a_jump_over_what_lies_between()
    {
        var builder = new BootBuilder();
        var away = new Label();
        var end = new Label();
        builder.Call(SystemCallNumber.Close, $"", 999999).OnErrorGoTo(away, Errno.EBADF);
        builder.Exit(1);
        builder.Place(away);
        builder.Jump(end);
        builder.Exit(2);
        builder.Place(end);
        builder.Exit(3);
        Assert.Equal(3, Run(builder, out _, out _));
    }

    [Theory]
    [InlineData("/dev/null", FileTypes.CharacterDevice, 1, 3, 0)]
    [InlineData("/dev/null", FileTypes.CharacterDevice, 1, 5, 7)]
    [InlineData("/dev/null", FileTypes.BlockDevice, 1, 3, 7)]
    [InlineData("/proc/self/status", FileTypes.Regular, 0, 0, 0)]
    [InlineData("/", FileTypes.Regular, 0, 0, 7)]
    public void A_node_is_told_from_another_by_its_type_and_number(string path, int type, uint major, uint minor, int code)
    {
        using Descriptor file = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, path, OpenFlags.PathOnly);
        var builder = new BootBuilder();
        var other = new Label();
        builder.JumpUnlessNode(builder.Number(file.Number, "file"), type, major, minor, other);
        builder.Exit(0);
        builder.Place(other);
        builder.Exit(7);
        Assert.Equal(code, Run(builder, out _, out _, file.Number));
    }

    [Theory]
    [InlineData("/proc/self", 0)]
    [InlineData("/dev/null", 7)]
    public void A_file_system_is_told_from_another_by_its_type(string path, int code)
    {
        using Descriptor file = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, path, OpenFlags.PathOnly);
        var builder = new BootBuilder();
        var other = new Label();
        builder.JumpUnlessFileSystem(builder.Number(file.Number, "file"), 0x9fa0, other);
        builder.Exit(0);
        builder.Place(other);
        builder.Exit(7);
        Assert.Equal(code, Run(builder, out _, out _, file.Number));
    }

    [Fact]
    public void What_the_kernel_has_written_is_read_into_a_register()
    {
        var builder = new BootBuilder();
        Data place = builder.Structure(0x0000_002a_0000_0000L);
        builder.Call(SystemCallNumber.ExitGroup, $"", builder.Load(place, 4, "number"));
        Assert.Equal(42, Run(builder, out _, out _));
    }

    [Fact]
    public void Data_can_point_at_data()
    {
        var builder = new BootBuilder();
        using Descriptor read = Pipe(out Descriptor write);
        using Descriptor writing = write;
        // struct iovec of the text, for writev(2)
        Data vector = builder.Reserve(16);
        builder.PointAt(vector, builder.String("through two pointers"));
        builder.Store(new Data(vector.Offset + 8), Length(builder), 8);
        builder.Call(Machine.IsArm64 ? 66 : 20, $"", write.Number, vector, 1);
        builder.Exit(0);
        Assert.Equal(0, Run(builder, out _, out _, write.Number));
        byte[] buffer = new byte[64];
        Assert.Equal("through two pointers", System.Text.Encoding.UTF8.GetString(buffer, 0, Kernel.TryRead(read.Number, buffer)));
    }

    [Fact]
    public void A_path_beneath_a_root_is_made_and_no_link_leads_out_of_it()
    {
        string root = Directory.CreateTempSubdirectory("littlebox-test-").FullName;
        try
        {
            File.CreateSymbolicLink(root + "/out", "/../../../..");
            using Descriptor directory = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, root, OpenFlags.PathOnly | OpenFlags.Directory);
            var builder = new BootBuilder();
            Register held = Held(builder, directory.Number);
            builder.OpenBeneath(held, "/one/two/three", MakeMissing.Directory, "three");
            builder.OpenBeneath(held, "/one/two/file", MakeMissing.File, "file");
            builder.OpenBeneath(held, "/out/littlebox-was-here/file", MakeMissing.File, "out");
            builder.Exit(0);
            Assert.Equal(0, Run(builder, out _, out _, directory.Number));
            Assert.True(Directory.Exists(root + "/one/two/three"));
            Assert.True(File.Exists(root + "/one/two/file"));
            Assert.True(File.Exists(root + "/littlebox-was-here/file"));
            Assert.False(Directory.Exists("/littlebox-was-here"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Theory]
    [InlineData("/bin/true", 0)]
    [InlineData("/bin/false", 1)]
    public void A_program_becomes_another(string path, int code)
    {
        var builder = new BootBuilder();
        builder.ResetSignals();
        builder.Execute(["/nothing/there", path], [path], []);
        Assert.Equal(code, Run(builder, out _, out _));
    }

    [Theory]
    [InlineData(Errno.ENOENT, "/nothing", "/nothing/either")]
    [InlineData(Errno.EACCES, "/nothing", "/etc/passwd", "/nothing/either")]
    [InlineData(Errno.EACCES, "/etc")]
    public void The_error_of_an_execute_is_that_of_execvp(Errno expected, params string[] paths)
    {
        var builder = new BootBuilder();
        builder.Execute(paths, ["x"], []);
        Assert.Equal(125, Run(builder, out _, out Errno error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Only_what_is_kept_is_open_in_the_child()
    {
        using Descriptor read = Pipe(out Descriptor write);
        using Descriptor writing = write;
        var builder = new BootBuilder();
        builder.Call(SystemCallNumber.Fcntl, $"", write.Number, 1);
        builder.Call(SystemCallNumber.Fcntl, $"", read.Number, 1);
        builder.Exit(0);
        Assert.Equal(125, Run(builder, out int failed, out Errno error, write.Number));
        Assert.Equal((1, Errno.EBADF), (failed, error));
    }

    [Fact]
    public void Signals_are_default_and_unblocked_when_a_program_begins()
    {
        using Descriptor read = Pipe(out Descriptor write);
        using Descriptor writing = write;
        var builder = new BootBuilder();
        builder.Call(SystemCallNumber.Dup3, $"", write.Number, 1, 0);
        builder.ResetSignals();
        builder.Execute(["/bin/cat"], ["cat", "/proc/self/status"], []);
        Assert.Equal(0, Run(builder, out _, out _, write.Number));
        byte[] buffer = new byte[8192];
        string[] lines = [.. System.Text.Encoding.UTF8.GetString(buffer, 0, Kernel.TryRead(read.Number, buffer)).Split('\n').Where(static line => line.StartsWith("SigBlk") || line.StartsWith("SigIgn") || line.StartsWith("SigCgt"))];
        Assert.Equal(["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "SigCgt:\t0000000000000000"], lines);
    }

    [Fact]
    public void Children_start_beside_threads_that_allocate_and_collect()
    {
        bool ended = false;
        int before = GC.CollectionCount(0);
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            for (int i = 0; !Volatile.Read(ref ended); i++)
            {
                GC.KeepAlive(new byte[i % 5000]);
                if (i % 50 == 0) GC.Collect(0);
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        try
        {
            for (int i = 0; i < 300; i++)
            {
                var builder = new BootBuilder();
                builder.ResetSignals();
                builder.Exit(i % 100);
                Assert.Equal(i % 100, Run(builder, out _, out _));
            }
        }
        finally
        {
            Volatile.Write(ref ended, true);
            foreach (Thread thread in threads) thread.Join();
        }
        int collections = GC.CollectionCount(0) - before;
        Assert.True(collections > 100, $"void: {collections} collections only");
        TestContext.Current.TestOutputHelper?.WriteLine($"300 starts, {collections} collections");
    }

    private static int Run(BootBuilder builder, out int failed, out Errno error, params int[] keep)
    {
        using BootChild child = BootChild.Start(builder, NamespaceFlags.None, keep);
        (failed, error) = (-1, Errno.None);
        MessageKind? kind;
        while ((kind = child.Receive(out int number, out _)) != MessageKind.Closed)
        {
            if (kind == MessageKind.Failed) (failed, error) = (child.InProgram(number), child.Error);
            child.Answer();
        }
        return Kernel.Wait(child.Pid).ExitCode;
    }

    private static Register Held(BootBuilder builder, int descriptor)
    {
        Register register = builder.NewRegister("held");
        builder.Call(SystemCallNumber.Fcntl, $"", descriptor, 1030, 3).To(register); // F_DUPFD_CLOEXEC
        return register;
    }

    // Twenty, as the result of a call: the length of the text.
    private static Register Length(BootBuilder builder)
    {
        Register register = builder.NewRegister("length");
        builder.Call(SystemCallNumber.Umask, $"", 20);
        builder.Call(SystemCallNumber.Umask, $"", 20).To(register);
        return register;
    }

    private static Descriptor Pipe(out Descriptor write)
    {
        (Descriptor read, write) = Kernel.Pipe();
        return read;
    }
}
