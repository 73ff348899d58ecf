using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>memfd_create(2), close-on-exec: a file in memory without a name in any directory.</summary>
    /// <param name="name">What /proc shows of it.</param>
    public static Descriptor MemfdCreate(string name)
    {
        fixed (byte* nameZ = Utf8Z.Of(name))
            return new((int)Check(SystemCall.Invoke(SystemCallNumber.MemfdCreate, (nint)nameZ, 1), $"memfd_create({name}, MFD_CLOEXEC)"));
    }
}
