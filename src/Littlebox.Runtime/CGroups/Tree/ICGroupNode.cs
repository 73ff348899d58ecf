using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>One cgroup: a directory with files. The seam between what is written (this room's rules) and the kernel; tests have one of their own.</summary>
public interface ICGroupNode : IDisposable
{
    /// <summary>Its absolute path, for messages and for the container's record.</summary>
    string Path { get; }

    /// <summary>Descriptor of the directory, open for reading.</summary>
    int Descriptor { get; }

    /// <summary>Opens a cgroup beneath.</summary>
    /// <param name="path">Relative; may have several parts. No links are followed and no mounts crossed.</param>
    /// <param name="error">ENOENT where it is missing.</param>
    ICGroupNode? TryOpen(string path, out Errno error);

    /// <summary>Makes a cgroup beneath: one part.</summary>
    Errno TryMake(string name);

    /// <summary>Removes a cgroup beneath: one part, without cgroups and processes in it.</summary>
    Errno TryRemove(string name);

    /// <summary>The names of the cgroups right beneath.</summary>
    IReadOnlyList<string> Children();

    /// <summary>Writes a value into a file, by one write(2).</summary>
    Errno TryWrite(string file, string value);

    /// <summary>Writes values into a file, each by one write(2), until one is refused.</summary>
    /// <param name="file">The file.</param>
    /// <param name="values">The values.</param>
    /// <param name="written">How many have been taken.</param>
    Errno TryWrite(string file, IReadOnlyList<string> values, out int written)
    {
        for (written = 0; written < values.Count; written++)
        {
            Errno error = TryWrite(file, values[written]);
            if (error is not Errno.None) return error;
        }
        return Errno.None;
    }

    /// <summary>Reads a file; <c>null</c> where it is not there, or cannot be read.</summary>
    string? TryRead(string file);
}
