using System.Globalization;
using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    private const int MemoryCloseOnExec = 1, MemorySealable = 2, MemoryExecutable = 0x10; // MFD_CLOEXEC, MFD_ALLOW_SEALING, MFD_EXEC
    private const int AddSeals = 1033, AllSeals = 1 | 2 | 4 | 8; // F_ADD_SEALS; F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE

    /// <summary>memfd_create(2), close-on-exec: a file in memory without a name in any directory.</summary>
    /// <param name="name">What /proc shows of it.</param>
    public static Descriptor MemfdCreate(string name)
    {
        fixed (byte* nameZ = Utf8Z.Of(name))
            return new((int)Check(SystemCall.Invoke(SystemCallNumber.MemfdCreate, (nint)nameZ, MemoryCloseOnExec), $"memfd_create({name}, MFD_CLOEXEC)"));
    }

    /// <summary>An empty file in memory that may be executed, to no effect (ENOEXEC), and that nobody can write to (F_ADD_SEALS of fcntl(2)); open for reading only, as prctl(2) wants it for PR_SET_MM_EXE_FILE.</summary>
    /// <param name="name">What /proc shows of it.</param>
    /// <exception cref="SystemCallException">EACCES where vm.memfd_noexec is 2.</exception>
    public static Descriptor EmptyExecutable(string name)
    {
        fixed (byte* nameZ = Utf8Z.Of(name))
        {
            nint created = SystemCall.Invoke(SystemCallNumber.MemfdCreate, (nint)nameZ, MemoryCloseOnExec | MemorySealable | MemoryExecutable);
            // Before Linux 6.3 all of them may be executed, and there is no flag for it.
            if (ErrorOf((int)created) is Errno.EINVAL) created = SystemCall.Invoke(SystemCallNumber.MemfdCreate, (nint)nameZ, MemoryCloseOnExec | MemorySealable);
            using var memory = new Descriptor((int)Check(created, $"memfd_create({name}, MFD_CLOEXEC|MFD_ALLOW_SEALING|MFD_EXEC)"));
            Check(SystemCall.Invoke(SystemCallNumber.Fcntl, memory.Number, AddSeals, AllSeals), $"fcntl({memory.Number}, F_ADD_SEALS, F_SEAL_SEAL|F_SEAL_SHRINK|F_SEAL_GROW|F_SEAL_WRITE)");
            return OpenAt2(Strace.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{memory.Number}"), OpenFlags.ReadOnly);
        }
    }
}
