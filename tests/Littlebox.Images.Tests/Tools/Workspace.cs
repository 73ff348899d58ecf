using System.Diagnostics;
using Littlebox.Images.Unpack;
using Littlebox.Linux;

namespace Littlebox.Images.Tests.Tools;

/// <summary>A directory of a test's own, removed with it, also where what is in it may not be written to.</summary>
public sealed class Workspace : IDisposable
{
    public Workspace()
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"littlebox-images-{Guid.NewGuid():n}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public static bool IsRoot => Kernel.EffectiveUid == 0;

    public string At(string name) => $"{Path}/{name}";

    public string MakeDirectory(string name)
    {
        Directory.CreateDirectory(At(name));
        return At(name);
    }

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(At(name), content);
        return At(name);
    }

    /// <summary>Unpacks into a directory of the workspace that is made.</summary>
    public UnpackResult Unpack(Stream archive, string name = "root", UnpackOptions? options = null)
    {
        using Descriptor directory = Open(MakeDirectory(name));
        return RootUnpacker.Unpack(archive, directory.Number, options);
    }

    public static Descriptor Open(string path) => Kernel.OpenAt2(-100, path, OpenFlags.ReadOnly | OpenFlags.Directory);

    /// <summary>Runs a shell command in the workspace; fails the test where it does not end with 0.</summary>
    public string Shell(string command)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-euo", "pipefail", "-c", command]) { WorkingDirectory = Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command}\nended with {process.ExitCode}: {errors.Result}");
        return output;
    }

    public void Dispose()
    {
        if (!IsRoot) Shell("chmod -R u+rwx . 2>/dev/null || true");
        using Descriptor parent = Open(System.IO.Path.GetDirectoryName(Path)!);
        DirectoryTree.Remove(parent.Number, System.IO.Path.GetFileName(Path));
    }
}
