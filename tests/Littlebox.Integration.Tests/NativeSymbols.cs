using System.Globalization;

namespace Littlebox.Integration.Tests;

/// <summary>The symbols of the native binaries, which build/native leaves beside what it has published.</summary>
internal static class NativeSymbols
{
    /// <summary>Where a program has been published, with its symbols beside it.</summary>
    public static string Folder(string program) => $"{NativeBinary.RepoRoot}artifacts/publish-{(Linux.Machine.IsArm64 ? "arm64" : "x64")}/{program}/";

    /// <summary>Its symbols, by name: address, size, kind and name as nm(1) prints them; data of the runtime's has no size. A test that asks for them is skipped where there are none, and says so.</summary>
    public static Dictionary<string, string[]> Of(string program)
    {
        string file = $"{Folder(program)}{program}.dbg";
        if (!File.Exists(file)) Assert.Skip($"the symbols of the native binary are not there ({file}): build/native makes them, or ./test");
        Dictionary<string, string[]> symbols = new(StringComparer.Ordinal);
        foreach (string line in Program.Run("nm", ["--print-size", file]).ExpectExit(0).Lines)
        {
            string[] words = line.Split(' ');
            if (words.Length is 3 or 4) symbols[words[^1]] = words;
        }
        return symbols;
    }

    /// <summary>A number as nm(1) and objdump(1) print it.</summary>
    public static ulong Hex(string text) => ulong.Parse(text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
