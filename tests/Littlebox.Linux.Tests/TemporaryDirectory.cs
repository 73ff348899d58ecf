namespace Littlebox.Linux.Tests;

/// <summary>A directory of one test, removed behind it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("littlebox-test-").FullName;

    public Descriptor Open() => Kernel.OpenAt2(Text.Strace.CurrentDirectory, Path, OpenFlags.ReadOnly | OpenFlags.Directory);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
