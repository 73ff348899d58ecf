using System.Diagnostics;

namespace Littlebox.Cli.Tests;

/// <summary>Runs programs beside the tests, with the littlebox of this build first in PATH.</summary>
internal static class Tool
{
    /// <summary>The folder with the program littlebox that was built with these tests.</summary>
    public static string Folder => AppContext.BaseDirectory.TrimEnd('/');

    /// <summary>The program itself.</summary>
    public static string Littlebox => $"{Folder}/littlebox";

    /// <summary>Skips the calling test, and says why, where a program is missing.</summary>
    public static void Require(string program) =>
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists($"{folder}/{program}")), $"{program} is not installed; build/setup test installs it");

    /// <summary>Runs a program to its end.</summary>
    public static (int ExitCode, string Output, string Error) Run(string program, params string[] arguments) => Run(program, arguments, environment: null);

    /// <summary>Runs a program to its end, with further environment variables.</summary>
    public static (int ExitCode, string Output, string Error) Run(string program, string[] arguments, Dictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["PATH"] = $"{Folder}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach ((string name, string value) in environment ?? []) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(180_000), $"{program} did not end within three minutes");
        return (process.ExitCode, output, error.Result);
    }
}
