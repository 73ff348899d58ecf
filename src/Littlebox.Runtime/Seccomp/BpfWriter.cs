namespace Littlebox.Runtime.Seccomp;

/// <summary>
/// Writes a program from its end to its beginning. BPF jumps forwards only, so whatever a jump aims at has been written before it, its distance is known, and a jump
/// that would be too long for its 8 bits gets a longer one put in between, at once.
/// </summary>
internal sealed class BpfWriter
{
    // The reach of a conditional jump is 255; a stepping stone for the other branch may still come in between.
    private const int Reach = 254;

    private readonly List<BpfInstruction> reversed = new(256);
    private readonly List<(uint Verdict, int Place)> returns = new(8);

    /// <summary>How many instructions there are.</summary>
    public int Count => reversed.Count;

    /// <summary>A place that returns a verdict: one that is near, or a new one.</summary>
    public int Return(uint verdict)
    {
        for (int i = 0; i < returns.Count; i++)
        {
            if (returns[i].Verdict != verdict) continue;
            if (Count - returns[i].Place > Reach / 2) returns[i] = (verdict, Write(BpfCode.Return, verdict));
            return returns[i].Place;
        }
        int place = Write(BpfCode.Return, verdict);
        returns.Add((verdict, place));
        return place;
    }

    /// <summary>An instruction that goes on with the one written before it.</summary>
    /// <returns>Its place.</returns>
    public int Write(ushort code, uint k) => Write(new BpfInstruction(code, 0, 0, k));

    /// <summary>A conditional jump to two places.</summary>
    /// <returns>Its place.</returns>
    public int Jump(ushort code, uint k, int whenTrue, int whenFalse)
    {
        whenTrue = Near(whenTrue);
        whenFalse = Near(whenFalse);
        return Write(new BpfInstruction(code, Distance(whenTrue), Distance(whenFalse), k));
    }

    /// <summary>Makes the next instruction written go on at a place.</summary>
    public void GoOnAt(int place)
    {
        if (place != Count - 1) Step(place);
    }

    /// <summary>The program in its order.</summary>
    public BpfInstruction[] ToProgram()
    {
        BpfInstruction[] program = [.. reversed];
        program.AsSpan().Reverse();
        return program;
    }

    private int Near(int place) => Count - place - 1 <= Reach ? place : Step(place);

    // A stepping stone: a return is as short as a jump to one.
    private int Step(int place) =>
        reversed[place].Code == BpfCode.Return ? Write(reversed[place]) : Write(BpfCode.Jump, (uint)(Count - place - 1));

    private byte Distance(int place) => checked((byte)(Count - place - 1));

    private int Write(BpfInstruction instruction)
    {
        reversed.Add(instruction);
        return Count - 1;
    }
}
