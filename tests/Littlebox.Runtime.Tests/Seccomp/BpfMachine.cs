using System.Runtime.InteropServices;

namespace Littlebox.Runtime.Tests.Seccomp;

/// <summary>What a filter sees of a system call: struct seccomp_data.</summary>
internal readonly record struct CallData(uint Architecture, uint Number, ulong A0 = 0, ulong A1 = 0, ulong A2 = 0, ulong A3 = 0, ulong A4 = 0, ulong A5 = 0)
{
    public ulong this[int index] => index switch { 0 => A0, 1 => A1, 2 => A2, 3 => A3, 4 => A4, _ => A5 };

    public override string ToString() => $"arch 0x{Architecture:x}, number {Number} (0x{Number:x}), arguments 0x{A0:x} 0x{A1:x} 0x{A2:x} 0x{A3:x} 0x{A4:x} 0x{A5:x}";
}

/// <summary>Interprets classic BPF as the kernel does for seccomp: every instruction that libseccomp or Littlebox may write, and an error for all others.</summary>
internal static class BpfMachine
{
    /// <summary>The verdict of a program, and in <paramref name="executed"/> how many instructions it took.</summary>
    public static uint Run(ReadOnlySpan<byte> program, in CallData data, out int executed)
    {
        uint accumulator = 0;
        executed = 0;
        for (int at = 0; ; at++)
        {
            executed++;
            ReadOnlySpan<byte> instruction = program.Slice(at * 8, 8);
            ushort code = MemoryMarshal.Read<ushort>(instruction);
            uint k = MemoryMarshal.Read<uint>(instruction[4..]);
            switch (code)
            {
                case 0x20: accumulator = Load(k, data); break;
                case 0x54: accumulator &= k; break;
                case 0x05: at += (int)k; break;
                case 0x06: return k;
                case 0x15: at += accumulator == k ? instruction[2] : instruction[3]; break;
                case 0x25: at += accumulator > k ? instruction[2] : instruction[3]; break;
                case 0x35: at += accumulator >= k ? instruction[2] : instruction[3]; break;
                case 0x45: at += (accumulator & k) != 0 ? instruction[2] : instruction[3]; break;
                default: throw new InvalidOperationException($"instruction {at} is 0x{code:x}");
            }
        }
    }

    public static uint Run(ReadOnlySpan<byte> program, in CallData data) => Run(program, data, out _);

    private static uint Load(uint offset, in CallData data) => offset switch
    {
        0 => data.Number,
        4 => data.Architecture,
        >= 16 and < 64 when offset % 4 == 0 => (uint)(data[(int)(offset - 16) / 8] >> (offset % 8 == 0 ? 0 : 32)),
        _ => throw new InvalidOperationException($"a load at {offset}"),
    };
}
