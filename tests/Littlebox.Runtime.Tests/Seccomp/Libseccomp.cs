using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Littlebox.Oci;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Tests.Seccomp;

/// <summary>The oracle: libseccomp, called the way runc calls it. A test that needs it is skipped where it is not installed.</summary>
internal static class Libseccomp
{
    private const string Library = "libseccomp.so.2";
    private const int ExistsAlready = -17;

    // A filter takes it milliseconds; from some profiles 2.5.4 never comes back (seccomp_rule_add_array goes round in its tree of rules).
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>libseccomp's token of an ABI.</summary>
    public static uint Token(SystemCallAbi abi) => abi switch
    {
        SystemCallAbi.X64 => 0xc000003e,
        SystemCallAbi.X32 => 0x4000003e,
        SystemCallAbi.X86 => 0x40000003,
        SystemCallAbi.Arm64 => 0xc00000b7,
        _ => 0x40000028,
    };

    public static void Require()
    {
        if (!NativeLibrary.TryLoad(Library, out _)) Assert.Skip("libseccomp.so.2 is not installed: apt-get install libseccomp2");
    }

    /// <summary>The number of a name, negative where there is none (or a stand-in of libseccomp's own).</summary>
    public static int Number(string name, SystemCallAbi abi) => seccomp_syscall_resolve_name_arch(Token(abi), name);

    /// <summary>The name of a number, or <c>null</c>.</summary>
    public static string? Name(int number, SystemCallAbi abi)
    {
        nint text = seccomp_syscall_resolve_num_arch(Token(abi), number);
        string? name = Marshal.PtrToStringUTF8(text);
        free(text);
        return name;
    }

    /// <summary>Whether libseccomp knows a name at all.</summary>
    public static bool Knows(string name) => seccomp_syscall_resolve_name(name) != -1;

    /// <summary>The filter of a profile; <c>null</c> where libseccomp refuses a rule because it has the same conditions with another action, and where it does not come back.</summary>
    public static byte[]? Compile(SeccompProfile profile, SystemCallAbi native, bool optimize = false)
    {
        byte[]? filter = null;
        ExceptionDispatchInfo? failure = null;
        // A thread of its own, which may go round until the tests end.
        var thread = new Thread(() =>
        {
            try
            {
                filter = CompileHere(profile, native, optimize);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { IsBackground = true };
        thread.Start();
        if (!thread.Join(Patience)) return null;
        failure?.Throw();
        return filter;
    }

    private static byte[]? CompileHere(SeccompProfile profile, SystemCallAbi native, bool optimize)
    {
        nint context = seccomp_init(profile.Default);
        Assert.NotEqual(0, context);
        try
        {
            uint own = seccomp_arch_native();
            SystemCallAbi[] abis = [native, .. profile.Abis];
            foreach (SystemCallAbi abi in abis.Distinct())
            {
                if (Token(abi) != own) Assert.Equal(0, seccomp_arch_add(context, Token(abi)));
            }
            if (!abis.Any(abi => Token(abi) == own)) Assert.Equal(0, seccomp_arch_remove(context, own));
            if (optimize) seccomp_attr_set(context, 8, 2);
            foreach (SeccompEntry entry in profile.Entries)
            {
                if (entry.Verdict == profile.Default) continue;
                foreach (string name in entry.Names)
                {
                    int number = seccomp_syscall_resolve_name(name);
                    if (number == -1) continue;
                    foreach (SeccompCondition[] conditions in entry.Alternatives)
                    {
                        Argument[] arguments = [.. conditions.Select(Convert)];
                        int error = seccomp_rule_add_array(context, entry.Verdict, number, (uint)arguments.Length, arguments);
                        if (error == ExistsAlready) return null;
                        Assert.True(error == 0, $"seccomp_rule_add of {name} answered {error}");
                    }
                }
            }
            return Export(context);
        }
        finally
        {
            seccomp_release(context);
        }
    }

    private static byte[] Export(nint context)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Path + "/filter";
        using (FileStream file = File.Create(path)) Assert.Equal(0, seccomp_export_bpf(context, (int)file.SafeFileHandle.DangerousGetHandle()));
        return File.ReadAllBytes(path);
    }

    private static Argument Convert(SeccompCondition condition) => condition.Operator == LinuxSeccompOperator.MaskedEqual
        ? new Argument { Index = (uint)condition.Index, Operator = 7, First = condition.Mask, Second = condition.Value }
        : new Argument
        {
            Index = (uint)condition.Index,
            Operator = condition.Operator switch
            {
                LinuxSeccompOperator.NotEqual => 1,
                LinuxSeccompOperator.LessThan => 2,
                LinuxSeccompOperator.LessEqual => 3,
                LinuxSeccompOperator.EqualTo => 4,
                LinuxSeccompOperator.GreaterEqual => 5,
                _ => 6,
            },
            First = condition.Value,
        };

    // struct scmp_arg_cmp
    [StructLayout(LayoutKind.Sequential)]
    private struct Argument
    {
        public uint Index;
        public int Operator;
        public ulong First;
        public ulong Second;
    }

    [DllImport(Library)] private static extern nint seccomp_init(uint action);
    [DllImport(Library)] private static extern void seccomp_release(nint context);
    [DllImport(Library)] private static extern uint seccomp_arch_native();
    [DllImport(Library)] private static extern int seccomp_arch_add(nint context, uint arch);
    [DllImport(Library)] private static extern int seccomp_arch_remove(nint context, uint arch);
    [DllImport(Library)] private static extern int seccomp_attr_set(nint context, int attribute, uint value);
    [DllImport(Library)] private static extern int seccomp_syscall_resolve_name([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
    [DllImport(Library)] private static extern int seccomp_syscall_resolve_name_arch(uint arch, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
    [DllImport(Library)] private static extern nint seccomp_syscall_resolve_num_arch(uint arch, int number);
    [DllImport(Library)] private static extern int seccomp_rule_add_array(nint context, uint action, int number, uint count, Argument[] arguments);
    [DllImport(Library)] private static extern int seccomp_export_bpf(nint context, int descriptor);
    [DllImport("libc")] private static extern void free(nint memory);
}
