using System.Reflection;
using System.Runtime.InteropServices;

namespace Littlebox.Boot.Tests;

/// <summary>The interpreter runs where the .NET runtime is not: its compiled code is read, instruction by instruction (docs/decisions/0001-boot-program.md).</summary>
public sealed partial class InterpreterCodeTests
{
    private const BindingFlags Methods = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static int counter;
    private static readonly object Something = new();

    [Fact]
    public void The_interpreter_needs_nothing_of_the_runtime()
    {
        using var code = new CodeWithoutRuntime(typeof(BootBuilder).Assembly);
        Assert.Empty(code.Offences(typeof(Interpreter).GetMethod(nameof(Interpreter.Run))!));
        // It was the interpreter that was read, not a stub of it.
        Assert.InRange(code.Instructions, 500, 10_000);
    }

    [Fact]
    public void The_interpreter_is_one_method_that_the_compiler_makes_in_one_go()
    {
        MethodInfo method = Assert.Single(typeof(Interpreter).GetMethods(Methods));
        const MethodImplAttributes Wanted = MethodImplAttributes.AggressiveOptimization | MethodImplAttributes.NoInlining;
        Assert.Equal(Wanted, method.MethodImplementationFlags & Wanted);
        Assert.Empty(typeof(Interpreter).GetFields(Methods));
        Assert.Null(typeof(Interpreter).TypeInitializer);
    }

    [Theory]
    [InlineData(nameof(Bad.Allocates), "newobj")]
    [InlineData(nameof(Bad.MakesAnArray), "newarr")]
    [InlineData(nameof(Bad.Boxes), "box")]
    [InlineData(nameof(Bad.Throws), "throw")]
    [InlineData(nameof(Bad.Divides), "div")]
    [InlineData(nameof(Bad.Checks), "add.ovf")]
    [InlineData(nameof(Bad.HasATry), "try block")]
    [InlineData(nameof(Bad.ReadsAStatic), "ldsfld counter")]
    [InlineData(nameof(Bad.HasText), "ldstr")]
    [InlineData(nameof(Bad.CallsVirtually), "callvirt Object.GetHashCode")]
    [InlineData(nameof(Bad.CallsAnotherAssembly), "call Kernel.get_ProcessId")]
    [InlineData(nameof(Bad.CallsGenerically), "the generic")]
    [InlineData(nameof(Bad.CallsNatively), "P/Invoke")]
    [InlineData(nameof(Bad.CallsAnUnmanagedPointer), "not the managed one")]
    [InlineData(nameof(Bad.Locks), "Enter")]
    [InlineData(nameof(Bad.IsBadTwoCallsAway), "newobj")]
    public void What_would_need_the_runtime_is_found(string method, string words)
    {
        using var code = new CodeWithoutRuntime(typeof(Bad).Assembly);
        Assert.Contains(code.Offences(typeof(Bad).GetMethod(method, Methods)!), offence => offence.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Code_of_a_class_with_a_static_constructor_is_found()
    {
        using var code = new CodeWithoutRuntime(typeof(BadClass).Assembly);
        Assert.Contains(code.Offences(typeof(BadClass).GetMethod(nameof(BadClass.Harmless), Methods)!), static offence => offence.Contains("static constructor", StringComparison.Ordinal));
    }

    [Fact]
    public void Harmless_code_is_not_found()
    {
        using var code = new CodeWithoutRuntime(typeof(Bad).Assembly);
        Assert.Empty(code.Offences(typeof(Bad).GetMethod(nameof(Bad.Good), Methods)!));
    }

    /// <summary>Methods that may not run in the child, each for a reason of its own.</summary>
    private static unsafe partial class Bad
    {
        public static object Allocates() => new();

        public static int[] MakesAnArray(int length) => new int[length];

        public static object Boxes(int value) => value;

        public static void Throws() => throw null!;

        public static int Divides(int one, int other) => one / other;

        public static int Checks(int one, int other) => checked(one + other);

        public static int HasATry(int* value)
        {
            try
            {
                return *value;
            }
            finally
            {
                *value = 0;
            }
        }

        public static int ReadsAStatic() => counter;

        public static string HasText() => "text";

        public static int CallsVirtually(object value) => value.GetHashCode();

        public static int CallsAnotherAssembly() => Linux.Kernel.ProcessId;

        public static int CallsGenerically(int value) => Same(value);

        public static int CallsNatively() => GetPid();

        public static nint CallsAnUnmanagedPointer(nint pointer) => ((delegate* unmanaged[Cdecl]<nint, nint>)pointer)(1);

        public static void Locks()
        {
            lock (Something) counter++;
        }

        public static int IsBadTwoCallsAway(int value) => Good((delegate*<nint, nint>)0, value) + Between(value);

        public static int Good(delegate*<nint, nint> call, int value)
        {
            int* numbers = stackalloc int[4];
            for (int i = 0; i < 4; i++) numbers[i] = value * i;
            return numbers[3] + (int)call(value);
        }

        private static int Between(int value) => Allocates() is null ? 0 : value;

        private static T Same<T>(T value) => value;

        [DllImport("libc", EntryPoint = "getpid")]
        private static extern int GetPid();
    }

    private static class BadClass
    {
        private static readonly int Value = Environment.ProcessId;

        public static int Harmless(int value) => value + 1;

        public static int Use() => Value;
    }
}
