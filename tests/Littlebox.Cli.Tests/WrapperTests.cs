namespace Littlebox.Cli.Tests;

/// <summary>The script ./littlebox, in a tree whose build is a script that counts.</summary>
public sealed class WrapperTests : IDisposable
{
    private readonly string tree = Directory.CreateTempSubdirectory("littlebox-wrapper-").FullName;

    public WrapperTests()
    {
        Directory.CreateDirectory(tree + "/src/Room");
        Directory.CreateDirectory(tree + "/build");
        File.WriteAllText(tree + "/src/Room/Code.cs", "");
        File.Copy(Tool.Folder + "/wrapper", tree + "/littlebox");
        Script("build/setup", "echo setting up");
        Script("build/native", """
            cd "$(dirname "$0")/.."
            echo building
            echo x >>builds
            find src -print >artifacts/bin/.built-littlebox
            printf '#!/bin/sh\necho "ran $*"\n' >artifacts/bin/littlebox
            chmod +x artifacts/bin/littlebox
            """);
    }

    private int Builds => File.Exists(tree + "/builds") ? File.ReadAllLines(tree + "/builds").Length : 0;

    public void Dispose() => Directory.Delete(tree, recursive: true);

    [Fact]
    public void It_builds_what_is_missing_and_not_again()
    {
        (int exitCode, string output, string error) = Tool.Run(tree + "/littlebox", "run", "a b");
        Assert.Equal((0, "ran run a b\n", "setting up\nbuilding\n"), (exitCode, output, error));
        Assert.Equal((0, "ran ps\n", ""), Tool.Run(tree + "/littlebox", "ps"));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public void It_builds_again_when_a_source_was_changed_added_or_taken_away()
    {
        Tool.Run(tree + "/littlebox");
        Later(() => File.WriteAllText(tree + "/src/Room/Code.cs", "changed"));
        Assert.Equal(2, Builds);
        Later(() => File.WriteAllText(tree + "/src/Room/More.cs", ""));
        Assert.Equal(3, Builds);
        Later(() => File.Delete(tree + "/src/Room/More.cs"));
        Assert.Equal(4, Builds);
    }

    [Fact]
    public void Two_at_once_build_once()
    {
        (int exitCode, string output, _) = Tool.Run("bash", "-c", $"for i in 1 2 3 4; do {tree}/littlebox $i & done; wait");
        Assert.Equal(0, exitCode);
        Assert.Equal(4, output.Split("ran ").Length - 1);
        Assert.Equal(1, Builds);
    }

    [Fact]
    public void A_completion_never_builds()
    {
        Assert.Equal((0, "", ""), Tool.Run(tree + "/littlebox", "__complete", "line", ""));
        Assert.Equal(0, Builds);
    }

    [Fact]
    public void It_is_found_through_a_link_and_from_elsewhere()
    {
        File.CreateSymbolicLink(tree + "/link", "littlebox");
        Assert.Equal("ran x\n", Tool.Run("bash", "-c", $"cd / && {tree}/link x").Output);
        Assert.Equal("ran y\n", Tool.Run("bash", "-c", $"cd {tree} && ./littlebox y").Output);
        Assert.Equal("ran z\n", Tool.Run("bash", "-c", $"cd {tree} && PATH=.:$PATH && littlebox z").Output);
    }

    [Fact]
    public void A_build_that_fails_is_exit_code_125()
    {
        Script("build/native", "echo no compiler >&2; exit 1");
        Assert.Equal((125, "", "setting up\nno compiler\n"), Tool.Run(tree + "/littlebox", "run"));
    }

    private void Later(Action change)
    {
        // Times of files are no finer than a tick of the kernel's clock: the stamp is made older instead of waiting.
        File.SetLastWriteTimeUtc(tree + "/artifacts/bin/.built-littlebox", DateTime.UtcNow.AddSeconds(-5));
        foreach (string path in Directory.GetFileSystemEntries(tree + "/src", "*", SearchOption.AllDirectories).Append(tree + "/src"))
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(-10));
        Assert.Equal("", Tool.Run(tree + "/littlebox").Error);
        change();
        Tool.Run(tree + "/littlebox");
    }

    private void Script(string path, string text)
    {
        File.WriteAllText($"{tree}/{path}", $"#!/bin/bash\n{text}\n");
        File.SetUnixFileMode($"{tree}/{path}", (UnixFileMode)0x1ed);
    }
}
