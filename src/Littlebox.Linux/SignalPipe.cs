using System.Buffers.Binary;

namespace Littlebox.Linux;

/// <summary>
/// Signals as bytes of a pipe, to be polled beside everything else. The handler is a few instructions of our own: it writes the number of the signal
/// and returns. No thread is started and no managed code runs in signal context (signal-safety(7)). One for a process at a time.
/// </summary>
public sealed unsafe class SignalPipe : IDisposable
{
    private const int RestorerOffset = 32, Ignored = 1;
    private const ulong RestartAndStack = 0x10000000 | 0x08000000, Restorer = 0x04000000;

    private readonly Descriptor read;
    private readonly Descriptor write;
    private readonly List<(int Signal, KernelAction Before)> changed = [];
    private readonly nint code;

    /// <summary>Makes the pipe and the handler; no signal is caught yet.</summary>
    public SignalPipe()
    {
        (read, write) = Kernel.Pipe(nonBlocking: true);
        code = MachineCode.Place(Machine.IsArm64 ? CodeArm64(write.Number) : CodeX64(write.Number));
    }

    /// <summary>The descriptor to poll.</summary>
    public int Number => read.Number;

    /// <summary>Catches a signal from here on, unless it was ignored when this process began (nohup).</summary>
    public void Catch(int signal)
    {
        KernelAction before = default, action = new() { Handler = code, Flags = RestartAndStack | (Machine.IsArm64 ? 0 : Restorer), Restorer = Machine.IsArm64 ? 0 : code + RestorerOffset };
        Kernel.Check(SystemCall.Invoke(SystemCallNumber.RtSigaction, signal, (nint)(&action), (nint)(&before), 8), $"rt_sigaction({signal}, …)");
        if (before.Handler == Ignored) SystemCall.Invoke(SystemCallNumber.RtSigaction, signal, (nint)(&before), 0, 8);
        else changed.Add((signal, before));
    }

    /// <summary>The next signal that has come, or 0.</summary>
    public int Next()
    {
        Span<byte> one = stackalloc byte[1];
        return Kernel.TryRead(read.Number, one) == 1 ? one[0] : 0;
    }

    /// <summary>Puts the earlier handlers back.</summary>
    public void Dispose()
    {
        foreach ((int signal, KernelAction before) in changed)
        {
            KernelAction action = before;
            SystemCall.Invoke(SystemCallNumber.RtSigaction, signal, (nint)(&action), 0, 8);
        }
        changed.Clear();
        write.Dispose();
        read.Dispose();
    }

    private static byte[] CodeX64(int descriptor)
    {
        byte[] instructions = new byte[RestorerOffset + 7];
        ReadOnlySpan<byte> handler =
        [
            0x57, // push rdi: the number of the signal
            0xB8, 1, 0, 0, 0, // mov eax, 1 (write)
            0xBF, 0, 0, 0, 0, // mov edi, descriptor
            0x48, 0x89, 0xE6, // mov rsi, rsp
            0xBA, 1, 0, 0, 0, // mov edx, 1
            0x0F, 0x05, // syscall
            0x5F, // pop rdi
            0xC3, // ret
        ];
        handler.CopyTo(instructions);
        BinaryPrimitives.WriteInt32LittleEndian(instructions.AsSpan(7), descriptor);
        ReadOnlySpan<byte> restorer = [0xB8, 15, 0, 0, 0, 0x0F, 0x05]; // mov eax, 15 (rt_sigreturn); syscall
        restorer.CopyTo(instructions.AsSpan(RestorerOffset));
        return instructions;
    }

    private static byte[] CodeArm64(int descriptor)
    {
        ReadOnlySpan<uint> handler =
        [
            0xD10043FF, // sub sp, sp, #16
            0xB90003E0, // str w0, [sp]
            0xD2800808, // mov x8, #64 (write)
            0x52800000 | ((uint)descriptor << 5), // mov w0, #descriptor
            0x910003E1, // mov x1, sp
            0xD2800022, // mov x2, #1
            0xD4000001, // svc #0
            0x910043FF, // add sp, sp, #16
            0xD65F03C0, // ret
        ];
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(handler).ToArray();
    }

    // struct sigaction of the kernel on 64-bit machines
    private struct KernelAction
    {
        public nint Handler;
        public ulong Flags;
        public nint Restorer;
        public ulong Mask;
    }
}
