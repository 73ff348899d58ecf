using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Help;

namespace Littlebox.Cli.Tests;

public sealed class ManPageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("littlebox-man-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_page_renders_without_a_warning()
    {
        Tool.Require("man");
        Tool.Require("groff");
        Assert.Equal((0, "", ""), Tool.Run(Tool.Littlebox, "man", folder));
        string[] pages = Directory.GetFiles(folder);
        Assert.Equal(VerbTable.Names.Count(name => !VerbTable.Find(name)!.Hidden) + 1, pages.Length);
        foreach (string page in pages)
        {
            (int exitCode, string text, string error) = Tool.Run("man", ["--warnings", "-l", page], new() { ["MANWIDTH"] = "80", ["LC_ALL"] = "C.UTF-8" });
            Assert.Equal((0, ""), (exitCode, error));
            Assert.Contains("NAME", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Words_of_roff_in_our_text_are_only_text()
    {
        Assert.Equal("\\&.SH is no heading\n", Roff.Line(".SH is no heading"));
        Assert.Equal("\\(aq is no request\n", Roff.Line("' is no request"));
        Assert.Equal("a\\e\\-b\\(dq", Roff.Text("a\\-b\""));
    }

    [Fact]
    public void A_folder_that_is_missing_is_named()
    {
        (int exitCode, _, string error) = Tool.Run(Tool.Littlebox, "man", folder + "/missing");
        Assert.Equal(1, exitCode);
        Assert.Equal($"littlebox: there is no directory {folder}/missing; make it first: mkdir -p {folder}/missing\n", error);
    }
}
