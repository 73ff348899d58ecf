using System.Collections;

namespace Littlebox.Linux.Text;

/// <summary>
/// What this process was started with, as <see cref="SystemText"/>: .NET decodes arguments and variables itself and puts U+FFFD in the place of what is not
/// UTF-8, so where that character appears the bytes are read from /proc. Threads: any.
/// </summary>
public static class ProcessText
{
    private const char Replaced = '\ufffd';
    private const int Largest = 1 << 24;

    /// <summary>The arguments of Main, without a loss.</summary>
    public static string[] Arguments(string[] decoded)
    {
        if (!Array.Exists(decoded, static argument => argument.Contains(Replaced))) return decoded;
        string[]? all = SmallFile.TryReadText("/proc/self/cmdline", Largest)?.Split('\0');
        // The program's name comes first, and a NUL stands behind the last.
        return all is null || all.Length < decoded.Length + 2 ? decoded : all[^(decoded.Length + 1)..^1];
    }

    /// <summary>A variable of the environment without a loss; <c>null</c> where it is not set.</summary>
    public static string? Variable(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        if (value is null ? !name.AsSpan().ContainsAnyInRange('\udc80', '\udcff') : !value.Contains(Replaced)) return value;
        foreach (string variable in SmallFile.TryReadText("/proc/self/environ", Largest)?.Split('\0') ?? [])
        {
            if (variable.StartsWith(name + "=", StringComparison.Ordinal)) return variable[(name.Length + 1)..];
        }
        return value;
    }

    /// <summary>The whole environment without a loss, <c>NAME=VALUE</c>.</summary>
    public static List<string> Variables()
    {
        List<string> variables = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables()) variables.Add($"{variable.Key}={variable.Value}");
        if (!variables.Exists(static variable => variable.Contains(Replaced)) || SmallFile.TryReadText("/proc/self/environ", Largest) is not { } all) return variables;
        return [.. all.Split('\0').Where(static variable => variable.IndexOf('=') > 0)];
    }

    /// <summary>An absolute path without <c>.</c>, <c>..</c> and doubled slashes, from one that may be relative to the current directory.</summary>
    public static string FullPath(string path)
    {
        string full = Path.GetFullPath(path);
        return full.Contains(Replaced) && Kernel.TryReadLink("/proc/self/cwd") is { } current ? Path.GetFullPath(path, current) : full;
    }
}
