using System.Diagnostics;

namespace Littlebox.Linux.Tests;

/// <summary>A directory of one test, removed behind it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("littlebox-test-").FullName;

    public Descriptor Open() => Kernel.OpenAt2(Text.Strace.CurrentDirectory, Path, OpenFlags.ReadOnly | OpenFlags.Directory);

    // By rm: .NET cannot name what is not UTF-8, nor remove what is too deep.
    public void Dispose() => Process.Start("rm", ["-rf", "--", Path]).WaitForExit();
}
