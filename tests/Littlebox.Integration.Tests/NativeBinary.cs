using System.Reflection;

namespace Littlebox.Integration.Tests;

/// <summary>The published native binary, as it is shipped: the path in LITTLEBOX_BIN, or artifacts/bin/littlebox.</summary>
public static class NativeBinary
{
    /// <summary>Where it is. A test that asks for it is skipped where it has not been built, and says so.</summary>
    public static string Location
    {
        get
        {
            if (!File.Exists(Path)) Assert.Skip($"the native binary is not there ({Path}): build/native makes it, or ./test");
            return Path;
        }
    }

    /// <summary>Where it is, or would be.</summary>
    public static string Path => Environment.GetEnvironmentVariable("LITTLEBOX_BIN") is { Length: > 0 } given ? given : RepoRoot + "artifacts/bin/littlebox";

    /// <summary>Where <c>littlebox-oci</c> is: the path in LITTLEBOX_OCI_BIN, or artifacts/bin/littlebox-oci. A test that asks for it is skipped where it has not been built, and says so.</summary>
    public static string OciLocation
    {
        get
        {
            string path = Environment.GetEnvironmentVariable("LITTLEBOX_OCI_BIN") is { Length: > 0 } given ? given : RepoRoot + "artifacts/bin/littlebox-oci";
            if (!File.Exists(path)) Assert.Skip($"littlebox-oci is not there ({path}): build/native makes it, or ./test");
            return path;
        }
    }

    /// <summary>The top of the source tree, with a slash behind.</summary>
    public static string RepoRoot { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepoRoot").Value!;

    /// <summary>Runs <c>littlebox</c> with these arguments.</summary>
    public static RunResult Run(params string[] arguments) => Program.Run(Location, arguments);

    /// <summary>Runs <c>littlebox</c> with an input, variables, a directory or a time limit of its own.</summary>
    public static RunResult Run(
        IEnumerable<string> arguments, string? input = null, IEnumerable<(string Name, string? Value)>? environment = null, string? directory = null, TimeSpan? limit = null) =>
        Program.Run(Location, arguments, input, environment, directory, limit);

    /// <summary>Starts <c>littlebox</c> and leaves it running.</summary>
    public static RunningProgram Start(params string[] arguments) => Program.Start(Location, arguments);

    /// <summary>Runs <c>littlebox</c> as an ordinary user (setpriv, no groups), with a home of its own.</summary>
    public static RunResult RunAs(int uid, string home, IEnumerable<string> arguments, TimeSpan? limit = null) => Program.Run(
        "setpriv", ["--reuid", $"{uid}", "--regid", $"{uid}", "--clear-groups", "--inh-caps=-all", Location, .. arguments],
        environment: [("HOME", home), ("XDG_RUNTIME_DIR", home)], limit: limit);
}
