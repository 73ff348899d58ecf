using System.Text.RegularExpressions;
using Littlebox.Boot;
using static Littlebox.Integration.Tests.NativeSymbols;

namespace Littlebox.Integration.Tests;

/// <summary>
/// The interpreter of boot programs as the native compiler has made it, disassembled: it calls nothing but a pointer in a register, reads nothing of
/// the runtime's, and asks for no collection (docs/decisions/0001-boot-program.md).
/// </summary>
public sealed partial class NativeInterpreterTests
{
    private const string Interpreter = "Littlebox_Boot_Littlebox_Boot_Interpreter__Run";

    [Theory]
    [InlineData("littlebox")]
    [InlineData("littlebox-oci")]
    public void The_native_interpreter_calls_nothing_but_its_pointer(string program)
    {
        string[] calls = Calls(program, Interpreter, out int instructions);
        Assert.True(instructions > 300, $"{instructions} instructions only");
        Assert.True(calls.Count(IsPointer) > 10, string.Join(", ", calls));
        // The one other: the end of the process where the stack has been overwritten.
        Assert.Equal(["RhpFallbackFailFast"], calls.Where(static call => !IsPointer(call)).Distinct());
    }

    // A child keeps nothing of the program but this method's pages (ProgramImage).
    [Theory]
    [InlineData("littlebox")]
    [InlineData("littlebox-oci")]
    public void The_native_interpreter_is_complete_in_itself_and_no_longer_than_what_is_kept_of_it(string program)
    {
        string[] lines = Disassemble(program, Interpreter, out Dictionary<string, string[]> symbols);
        Assert.InRange(Hex(symbols[Interpreter][1]), 1000UL, (ulong)ProgramImage.CodeLength);
        Assert.DoesNotContain("__readonlydata_" + Interpreter, symbols.Keys);
        string[] outside = [.. lines.Select(static line => Data().Match(line)).Where(static data => data.Success).Select(static data => data.Groups[1].Value)];
        // The one word outside: what guards the stack is read before the clone, and compared when the host returns from the method.
        Assert.Equal(["__security_cookie"], outside.Select(address => symbols.Values.FirstOrDefault(words => Hex(words[0]) == Hex(address))?[^1] ?? address).Distinct());
        Assert.InRange(outside.Length, 1, 2);
    }

    [Fact]
    public void A_table_outside_a_method_in_native_code_is_found() =>
        Assert.Contains(Disassemble("littlebox", "Littlebox_Linux_Littlebox_Linux_ErrnoText__Describe", out _), static line => Data().IsMatch(line));

    [Fact]
    public void A_call_in_native_code_is_found() =>
        Assert.Contains(Calls("littlebox", "Littlebox_Boot_Littlebox_Boot_BootBuilder__Reserve", out _), static call => !IsPointer(call));

    private static bool IsPointer(string call) => Pointer().IsMatch(call);

    private static string[] Calls(string program, string method, out int instructions)
    {
        string[] lines = Disassemble(program, method, out Dictionary<string, string[]> symbols);
        Dictionary<ulong, string> names = [];
        foreach (string[] words in symbols.Values) names[Hex(words[0])] = words[^1];
        ulong begin = Hex(symbols[method][0]), end = begin + Hex(symbols[method][1]);
        instructions = lines.Count(static line => line.Contains(":\t", StringComparison.Ordinal));
        var calls = new List<string>();
        foreach (string line in lines)
        {
            if (Call().Match(line) is { Success: true } call) calls.Add(Target(call.Groups[1].Value));
            // A jump out of the method is a call as well.
            else if (Jump().Match(line) is { Success: true } jump && (Hex(jump.Groups[1].Value) < begin || Hex(jump.Groups[1].Value) >= end)) calls.Add(Target(jump.Groups[1].Value));
        }
        return [.. calls];

        string Target(string operand) =>
            operand.StartsWith("0x", StringComparison.Ordinal) || char.IsAsciiHexDigit(operand[0]) ? names.GetValueOrDefault(Hex(operand.Split(' ')[0]), operand) : operand;
    }

    private static string[] Disassemble(string program, string method, out Dictionary<string, string[]> symbols)
    {
        if (!File.Exists("/usr/bin/objdump")) Assert.Skip("objdump is not installed: apt-get install binutils");
        symbols = Of(program);
        Assert.True(symbols.ContainsKey(method), $"there is no {method} in the native binary");
        ulong begin = Hex(symbols[method][0]), end = begin + Hex(symbols[method][1]);
        return Program.Run("objdump", ["-d", "--no-show-raw-insn", $"--start-address={begin}", $"--stop-address={end}", Folder(program) + program]).ExpectExit(0).Lines;
    }

    // Relative to the instruction: the address stands in a comment.
    [GeneratedRegex(@"\(%rip\).*# (?:0x)?([0-9a-f]+)|\tadrp\s+x\d+, (?:0x)?([0-9a-f]+)")]
    private static partial Regex Data();

    [GeneratedRegex(@"\t(?:call|bl|blr)\s+(.+?)\s*$")]
    private static partial Regex Call();

    [GeneratedRegex(@"\t(?:j[a-z]+|b|b\.[a-z]+)\s+(?:0x)?([0-9a-f]+)\b")]
    private static partial Regex Jump();

    // In a register; or, where the lowest bits mark a pointer with an instantiation behind it (never ours), in memory at one.
    [GeneratedRegex(@"^(\*%r[a-z0-9]{1,2}|\*-0x2\(%r[a-z0-9]{1,2}\)|x\d+)$")]
    private static partial Regex Pointer();
}
