using System.Runtime.CompilerServices;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.OciCli;

/// <summary>
/// Until a container's program is executed its process is a copy of this one, and its /proc/self/exe leads to our file: a program named /proc/self/exe, or a script with it in its first line,
/// would be littlebox-oci itself, and whoever is root in the container could write to it (CVE-2019-5736). So what makes processes in containers runs from a mount of the file that nobody can
/// write through, in no tree and of no name.
/// </summary>
internal static class OwnExecutable
{
    private const string Link = "/proc/self/exe";
    private const long MountIsReadOnly = 1; // ST_RDONLY
    private const int Largest = 4 << 20;

    /// <summary>Starts this program once more from where it cannot be written; returns where it already is.</summary>
    /// <exception cref="LittleboxException">It could be written by a container, and nothing could be done about it.</exception>
    public static void Protect()
    {
        // While it is developed its file is the host of .NET, which must know by its name where it lies.
        if (RuntimeFeature.IsDynamicCodeSupported) return;
        using Descriptor file = Kernel.OpenAt2(Strace.CurrentDirectory, Link, OpenFlags.ReadOnly);
        if ((Kernel.MountFlagsOf(file.Number) & MountIsReadOnly) != 0 || (Kernel.TryReadLink(Link) ?? "").StartsWith("/memfd:", StringComparison.Ordinal)) return;
        byte[] arguments = Read("/proc/self/cmdline"), environment = Read("/proc/self/environ");
        int opened = Kernel.TryOpenTree(Strace.CurrentDirectory, Link, OpenTreeFlags.Clone);
        if (opened < 0)
        {
            // An ordinary user mounts nothing; what that user cannot write the container's root, who is the same user, cannot write either.
            if (Kernel.ErrorOf(Kernel.TryOpenAt2(Strace.CurrentDirectory, Link, OpenFlags.WriteOnly)) is Errno.EACCES or Errno.EROFS or Errno.EPERM) return;
            using Descriptor copy = Copy(file);
            throw Failed(Kernel.TryExecute(copy.Number, arguments, environment));
        }
        using var tree = new Descriptor(opened);
        Kernel.MountSetAttr(tree.Number, "", recursive: false, new MountAttributesArgument { Set = (ulong)MountAttributes.ReadOnly });
        throw Failed(Kernel.TryExecute(tree.Number, arguments, environment));
    }

    // In memory: what is written to it is gone with the process. Open for reading only, since what is open for writing cannot be executed.
    private static Descriptor Copy(Descriptor file)
    {
        using Descriptor memory = Kernel.MemfdCreate("littlebox-oci");
        byte[] buffer = new byte[1 << 18];
        int length;
        while ((length = Kernel.Read(file.Number, buffer)) > 0) Kernel.Write(memory.Number, buffer.AsSpan(0, length));
        return Kernel.OpenAt2(Strace.CurrentDirectory, $"/proc/self/fd/{memory.Number}", OpenFlags.ReadOnly);
    }

    private static byte[] Read(string path)
    {
        using Descriptor file = Kernel.OpenAt2(Strace.CurrentDirectory, path, OpenFlags.ReadOnly);
        return SmallFile.Read(file.Number, Largest) ?? throw new LittleboxException(ErrorKind.InvalidArgument, $"{path} is larger than {Largest} bytes");
    }

    private static SystemCallException Failed(int result) => new("execveat(<littlebox-oci>, \"\", …, …, AT_EMPTY_PATH)", Kernel.ErrorOf(result));
}
