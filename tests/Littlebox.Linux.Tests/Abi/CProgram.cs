using System.Diagnostics;

namespace Littlebox.Linux.Tests.Abi;

/// <summary>Compiles a small C program with gcc and runs it. A test that needs it is skipped, with the reason, where there is no gcc.</summary>
internal static class CProgram
{
    /// <summary>What the program printed.</summary>
    /// <param name="source">The whole C source.</param>
    /// <param name="input">Its standard input.</param>
    public static string Run(string source, string input = "")
    {
        using var directory = new TemporaryDirectory();
        string program = directory.Path + "/program";
        Execute("gcc", ["-w", "-O0", "-x", "c", "-o", program, "-"], source);
        return Execute(program, [], input);
    }

    /// <summary>What the preprocessor makes of a source.</summary>
    public static string Preprocess(string source) => Execute("gcc", ["-E", "-P", "-x", "c", "-"], source);

    /// <summary>The macros that are defined behind a source, with their text.</summary>
    public static IEnumerable<string> Macros(string source) =>
        Execute("gcc", ["-E", "-dM", "-x", "c", "-"], source).Split('\n').Where(line => line.StartsWith("#define ", StringComparison.Ordinal)).Select(line => line[8..]);

    private static string Execute(string program, string[] arguments, string input)
    {
        if (program == "gcc" && !File.Exists("/usr/bin/gcc")) Assert.Skip("gcc is not installed: apt-get install gcc libc6-dev");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(60_000))
        {
            process.Kill();
            throw new TimeoutException($"{program} did not end within a minute");
        }
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {errors.Result}");
        return output.Result;
    }
}
