namespace Littlebox.CGroups.Tests;

/// <summary>Runs the few instructions of eBPF that device programs have (kernel, bpf/standardization/instruction-set.rst).</summary>
internal static class BpfMachine
{
    public static ulong Run(IReadOnlyList<ulong> program, params uint[] context)
    {
        var registers = new ulong[11];
        for (int at = 0; ; at++)
        {
            ulong instruction = program[at];
            int destination = (int)(instruction >> 8) & 15, source = (int)(instruction >> 12) & 15;
            short offset = (short)(instruction >> 16);
            uint immediate = (uint)(instruction >> 32);
            switch ((byte)instruction)
            {
                case 0x61: registers[destination] = source == 1 ? context[offset / 4] : throw new InvalidOperationException("only the context can be read"); break;
                case 0x54: registers[destination] = (uint)registers[destination] & immediate; break;
                case 0x74: registers[destination] = (uint)registers[destination] >> (int)immediate; break;
                case 0xb4: registers[destination] = immediate; break;
                case 0xbf: registers[destination] = registers[source]; break;
                case 0x56: at += (uint)registers[destination] != immediate ? offset : 0; break;
                case 0x16: at += (uint)registers[destination] == immediate ? offset : 0; break;
                case 0x95: return registers[0];
                default: throw new InvalidOperationException($"instruction {instruction:x16}");
            }
        }
    }
}
