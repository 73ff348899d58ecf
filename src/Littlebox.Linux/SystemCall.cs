using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary>
/// The door to the kernel: a page of machine code of our own which moves the arguments and executes the system call instruction.
/// </summary>
/// <remarks>
/// The same code is entered in two ways. <see cref="Invoke"/> is an unmanaged call: the runtime may collect while it blocks; all ordinary code
/// uses it. <see cref="Raw"/> is the address itself: the boot program calls it through a <em>managed</em> function pointer, for which the compiler
/// emits neither a transition nor a GC poll (docs/decisions/0001-boot-program.md). Both return <c>-errno</c> as the kernel does, so that no
/// thread-local <c>errno</c> is involved. Threads: any.
/// </remarks>
public static unsafe partial class SystemCall
{
    // x86_64: the System V calling convention hands over rdi rsi rdx rcx r8 r9 [rsp+8]; the kernel takes rax, rdi rsi rdx r10 r8 r9.
    private static ReadOnlySpan<byte> CodeX64 =>
    [
        0x48, 0x89, 0xF8, // mov rax, rdi
        0x48, 0x89, 0xF7, // mov rdi, rsi
        0x48, 0x89, 0xD6, // mov rsi, rdx
        0x48, 0x89, 0xCA, // mov rdx, rcx
        0x4D, 0x89, 0xC2, // mov r10, r8
        0x4D, 0x89, 0xC8, // mov r8, r9
        0x4C, 0x8B, 0x4C, 0x24, 0x08, // mov r9, [rsp+8]
        0x0F, 0x05, // syscall
        0xC3, // ret
    ];

    // arm64: arguments in x0 to x6; the kernel takes x8, x0 to x5.
    private static ReadOnlySpan<byte> CodeArm64 =>
    [
        0xE8, 0x03, 0x00, 0xAA, // mov x8, x0
        0xE0, 0x03, 0x01, 0xAA, // mov x0, x1
        0xE1, 0x03, 0x02, 0xAA, // mov x1, x2
        0xE2, 0x03, 0x03, 0xAA, // mov x2, x3
        0xE3, 0x03, 0x04, 0xAA, // mov x3, x4
        0xE4, 0x03, 0x05, 0xAA, // mov x4, x5
        0xE5, 0x03, 0x06, 0xAA, // mov x5, x6
        0x01, 0x00, 0x00, 0xD4, // svc #0
        0xC0, 0x03, 0x5F, 0xD6, // ret
    ];

    private static readonly nint raw = MachineCode.Place(Machine.IsArm64 ? CodeArm64 : CodeX64);

    /// <summary>Where a static field of this class lies.</summary>
    internal static nint OfStatics => (nint)Unsafe.AsPointer(ref Unsafe.AsRef(in raw));

    /// <summary>The address of the machine code: <c>nint f(nint number, nint a, nint b, nint c, nint d, nint e, nint f)</c>.</summary>
    public static nint Raw => raw;

    /// <summary>Calls the kernel and returns what it returns: a value, or <c>-errno</c> (-4095 to -1). It may block; a collection may run meanwhile.</summary>
    public static nint Invoke(int number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0) =>
        ((delegate* unmanaged[Cdecl]<nint, nint, nint, nint, nint, nint, nint, nint>)Raw)(number, a, b, c, d, e, f);
}
