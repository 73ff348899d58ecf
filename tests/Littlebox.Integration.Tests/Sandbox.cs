using System.Diagnostics;

namespace Littlebox.Integration.Tests;

/// <summary>A directory of one test's own, removed behind it; not across mounts, so that a mount which was left is not emptied.</summary>
public sealed class Sandbox : IDisposable
{
    /// <summary>The directory, absolute, mode 0755 so that an ordinary user can reach what is in it.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("littlebox-test-").FullName;

    /// <summary>Makes it.</summary>
    public Sandbox() => File.SetUnixFileMode(Path, (UnixFileMode)0b111_101_101);

    /// <summary>A path in it.</summary>
    public string this[string name] => $"{Path}/{name}";

    /// <summary>Writes a file in it, and the directories above.</summary>
    public string Write(string name, string content, int mode = 0b110_100_100)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
        File.SetUnixFileMode(this[name], (UnixFileMode)mode);
        return this[name];
    }

    /// <summary>Makes a root file system of busybox in it; see <see cref="RootFs"/>.</summary>
    public string MakeRoot(string name = "root") => RootFs.Make(this[name]);

    /// <inheritdoc/>
    public void Dispose() => Process.Start("rm", ["-rf", "--one-file-system", "--", Path]).WaitForExit();
}
