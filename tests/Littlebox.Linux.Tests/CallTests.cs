using System.Text;
using Littlebox.Linux.Text;

namespace Littlebox.Linux.Tests;

/// <summary>Calls whose arguments are laid out by hand: they are made, and what comes back is compared with what the system says elsewhere.</summary>
public sealed class CallTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly Descriptor open;

    public CallTests() => open = directory.Open();

    public void Dispose()
    {
        open.Dispose();
        directory.Dispose();
    }

    [Fact]
    public void A_directory_of_many_names_is_listed_whole_with_types()
    {
        string[] names = [.. Enumerable.Range(0, 3000).Select(number => $"name-{number}-{new string('x', number % 200)}")];
        foreach (string name in names) File.WriteAllText($"{directory.Path}/{name}", "");
        Directory.CreateDirectory(directory.Path + "/directory");
        List<DirectoryEntry> entries = Kernel.ReadDirectory(open.Number);
        Assert.Equal(names.Append("directory").Order(StringComparer.Ordinal), entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.Equal("directory", Assert.Single(entries, entry => entry.IsDirectory).Name);
        Assert.All(entries.Take(10), entry => Assert.Equal(Kernel.Statx(open.Number, entry.Name).Inode, entry.Inode));
    }

    [Fact]
    public void Statx_tells_type_owner_size_and_link()
    {
        File.WriteAllText(directory.Path + "/file", "12345");
        File.CreateSymbolicLink(directory.Path + "/link", "file");
        FileStatus file = Kernel.Statx(open.Number, "file");
        Assert.Equal((FileTypes.Regular, 5UL, 1u, Kernel.EffectiveUid), (file.Type, file.Size, file.Links, file.Uid));
        Assert.Equal(FileTypes.SymbolicLink, Kernel.Statx(open.Number, "link").Type);
        Assert.Equal(file.Identity, Kernel.Statx(open.Number, "link", follow: true).Identity);
        FileStatus zero = Kernel.Statx(Strace.CurrentDirectory, "/dev/null");
        Assert.Equal((FileTypes.CharacterDevice, 1u, 3u), (zero.Type, zero.DeviceMajor, zero.DeviceMinor));
        Assert.Contains(File.ReadLines("/proc/self/mountinfo"), line => line.StartsWith($"{file.MountId} ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_file_system_of_proc_has_its_magic_number()
    {
        using Descriptor proc = Kernel.OpenAt2(Strace.CurrentDirectory, "/proc", OpenFlags.PathOnly);
        Assert.Equal(0x9fa0, Kernel.FileSystemType(proc.Number));
    }

    [Fact]
    public void Uname_agrees_with_proc()
    {
        (string node, string release, string machine) = Kernel.Uname();
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/hostname").TrimEnd(), node);
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/osrelease").TrimEnd(), release);
        Assert.Equal(Machine.IsArm64 ? "aarch64" : "x86_64", machine);
    }

    [Fact]
    public void Poll_waits_for_what_can_be_read_and_no_longer_than_asked()
    {
        (Descriptor read, Descriptor write) = Kernel.Pipe();
        using (read)
        using (write)
        {
            PollDescriptor[] wanted = [new() { Descriptor = read.Number, Events = PollEvents.Readable }, new() { Descriptor = -1 }];
            Assert.Equal(0, Kernel.Poll(wanted, 20));
            Kernel.Write(write.Number, "x"u8);
            Assert.Equal(1, Kernel.Poll(wanted, 1000));
            Assert.Equal(PollEvents.Readable, wanted[0].Returned);
        }
    }

    [Fact]
    public void A_descriptor_is_passed_over_a_socket_and_is_close_on_exec()
    {
        (Descriptor one, Descriptor other) = Kernel.SocketPair();
        using (one)
        using (other)
        {
            Send(one.Number, "hello"u8, open.Number);
            byte[] buffer = new byte[64];
            Assert.Equal(5, Kernel.TryReceive(other.Number, buffer, out Descriptor? passed));
            using Descriptor received = Assert.IsType<Descriptor>(passed);
            Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, 5));
            Assert.Equal(directory.Path, Kernel.TryReadLink($"/proc/self/fd/{received.Number}"));
            Assert.Contains("flags:\t02", File.ReadAllText($"/proc/self/fdinfo/{received.Number}"), StringComparison.Ordinal);
            Assert.Equal(Errno.EAGAIN, Kernel.ErrorOf(Kernel.TryReceive(other.Number, buffer, out _, wait: false)));
            one.Dispose();
            Assert.Equal(0, Kernel.TryReceive(other.Number, buffer, out _));
        }
    }

    [Fact]
    public void A_sender_of_several_descriptors_leaves_none_of_them_open_unseen()
    {
        (Descriptor one, Descriptor other) = Kernel.SocketPair();
        using (one)
        using (other)
        {
            File.WriteAllText(directory.Path + "/marked", "");
            using Descriptor marked = Kernel.OpenAt2(open.Number, "marked", OpenFlags.ReadOnly);
            Send(one.Number, "x"u8, marked.Number, marked.Number, marked.Number);
            Assert.Equal(1, Kernel.TryReceive(other.Number, new byte[8], out Descriptor? passed));
            passed?.Dispose();
            Assert.Single(Directory.GetFiles("/proc/self/fd"), link => Kernel.TryReadLink(link) == directory.Path + "/marked");
        }
    }

    [Fact]
    public void A_write_goes_through_whole_even_where_the_pipe_is_full()
    {
        (Descriptor read, Descriptor write) = Kernel.Pipe();
        using (read)
        {
            byte[] data = new byte[300_000];
            Task<int> reader = Task.Run(() =>
            {
                int length = 0;
                byte[] buffer = new byte[8192];
                for (int got; (got = Kernel.Read(read.Number, buffer)) > 0;) length += got;
                return length;
            });
            using (write) Kernel.Write(write.Number, data);
            Assert.Equal(data.Length, reader.GetAwaiter().GetResult());
        }
    }

    private static unsafe void Send(int socket, ReadOnlySpan<byte> bytes, params ReadOnlySpan<int> descriptors)
    {
        byte* control = stackalloc byte[64];
        *(nint*)control = 16 + 4 * descriptors.Length;
        *(int*)(control + 8) = 1;
        *(int*)(control + 12) = 1;
        descriptors.CopyTo(new Span<int>(control + 16, descriptors.Length));
        fixed (byte* start = bytes)
        {
            nint* vector = stackalloc nint[2];
            vector[0] = (nint)start;
            vector[1] = bytes.Length;
            var header = new MessageHeader { Vectors = (nint)vector, VectorCount = 1, Control = (nint)control, ControlLength = 16 + 4 * descriptors.Length };
            Kernel.Check(SystemCall.Invoke(SystemCallNumber.Sendmsg, socket, (nint)(&header), 0), $"sendmsg(…)");
        }
    }
}
