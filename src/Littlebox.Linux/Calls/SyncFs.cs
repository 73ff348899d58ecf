namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>syncfs(2): waits until everything of the file system that <paramref name="descriptor"/> lies on is on the disk.</summary>
    public static void SyncFs(int descriptor) => Check(SystemCall.Invoke(SystemCallNumber.Syncfs, descriptor), $"syncfs({Fd.Of(descriptor)})");
}
