using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>move_mount(2): puts a detached mount in place, or moves one.</summary>
    public static void MoveMount(int from, string fromPath, int to, string toPath, MoveMountFlags flags) =>
        Check(TryMoveMount(from, fromPath, to, toPath, flags), $"move_mount({Fd.Of(from)}, {fromPath}, {Fd.Of(to)}, {toPath}, {new Words(CallFlags.Of(flags))})");

    /// <summary><see cref="MoveMount"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryMoveMount(int from, string fromPath, int to, string toPath, MoveMountFlags flags)
    {
        fixed (byte* source = Utf8Z.Of(fromPath), target = Utf8Z.Of(toPath))
            return (int)SystemCall.Invoke(SystemCallNumber.MoveMount, from, (nint)source, to, (nint)target, (nint)(int)flags);
    }
}
