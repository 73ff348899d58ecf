using System.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    private const int BpfProgLoad = 5, BpfProgAttach = 8, BpfProgDetach = 9, BpfProgGetFdById = 13, BpfProgQuery = 16;
    private const int BpfProgTypeCgroupDevice = 15, BpfCgroupDevice = 6;
    private const uint BpfAllowMulti = 2, BpfReplace = 4;
    private const int BpfLogSize = 64 << 10;

    /// <summary>bpf(2), BPF_PROG_LOAD of a program of type BPF_PROG_TYPE_CGROUP_DEVICE, which decides over every use of a device below a cgroup.</summary>
    /// <param name="instructions">Instructions of eight bytes (struct bpf_insn).</param>
    /// <param name="log">What the verifier said where the program was not taken, else empty.</param>
    /// <returns>The program's descriptor, or <c>-errno</c>.</returns>
    public static int TryLoadDeviceProgram(ReadOnlySpan<ulong> instructions, out string log)
    {
        log = "";
        int result = TryLoad(instructions, default);
        if (result >= 0 || ErrorOf(result) is not (Errno.EINVAL or Errno.EACCES)) return result;
        // Once more, for the verifier's words.
        byte[] buffer = new byte[BpfLogSize];
        int again = TryLoad(instructions, buffer);
        log = Encoding.UTF8.GetString(buffer).Split('\0')[0].Trim();
        return again;
    }

    private static int TryLoad(ReadOnlySpan<ulong> instructions, Span<byte> log)
    {
        fixed (ulong* first = instructions)
        fixed (byte* words = log, license = "Apache-2.0"u8)
        {
            var load = new BpfProgramLoad
            {
                Type = BpfProgTypeCgroupDevice,
                Count = (uint)instructions.Length,
                Instructions = (ulong)first,
                License = (ulong)license,
                LogLevel = log.IsEmpty ? 0u : 1u,
                LogSize = (uint)log.Length,
                Log = (ulong)words,
            };
            nint result;
            int tries = 0;
            // The verifier gives up when a signal arrives (4.20).
            do result = SystemCall.Invoke(SystemCallNumber.Bpf, BpfProgLoad, (nint)(&load), sizeof(BpfProgramLoad));
            while (ErrorOf(result) is Errno.EAGAIN or Errno.EINTR && ++tries < 16);
            return (int)result;
        }
    }

    /// <summary>bpf(2), BPF_PROG_ATTACH of a device program to a version 2 cgroup, beside others (BPF_F_ALLOW_MULTI): all of them must allow.</summary>
    /// <param name="cgroup">Descriptor of the cgroup's directory.</param>
    /// <param name="program">Descriptor of the program.</param>
    /// <param name="replaced">An attached program in whose place it comes at once (BPF_F_REPLACE, 5.6), or -1.</param>
    /// <returns>0, or <c>-errno</c>.</returns>
    public static int TryAttachDeviceProgram(int cgroup, int program, int replaced = -1)
    {
        var attach = new BpfProgramAttach { Target = (uint)cgroup, Program = (uint)program, Type = BpfCgroupDevice, Flags = BpfAllowMulti };
        if (replaced >= 0)
        {
            attach.Flags |= BpfReplace;
            attach.Replaced = (uint)replaced;
        }
        return (int)SystemCall.Invoke(SystemCallNumber.Bpf, BpfProgAttach, (nint)(&attach), sizeof(BpfProgramAttach));
    }

    /// <summary>bpf(2), BPF_PROG_DETACH of a device program. Returns 0, or <c>-errno</c>.</summary>
    public static int TryDetachDeviceProgram(int cgroup, int program)
    {
        var detach = new BpfProgramAttach { Target = (uint)cgroup, Program = (uint)program, Type = BpfCgroupDevice };
        return (int)SystemCall.Invoke(SystemCallNumber.Bpf, BpfProgDetach, (nint)(&detach), sizeof(BpfProgramAttach));
    }

    /// <summary>bpf(2), BPF_PROG_QUERY and BPF_PROG_GET_FD_BY_ID: the device programs attached to a cgroup itself. Those that a security module keeps from us are left out.</summary>
    /// <param name="cgroup">Descriptor of the cgroup's directory.</param>
    /// <param name="programs">Their descriptors; the caller closes them.</param>
    /// <returns>0, or <c>-errno</c>.</returns>
    public static int TryQueryDevicePrograms(int cgroup, out List<Descriptor> programs)
    {
        programs = [];
        const int most = 64; // BPF_CGROUP_MAX_PROGS
        uint* ids = stackalloc uint[most];
        var query = new BpfProgramQuery { Target = (uint)cgroup, Type = BpfCgroupDevice, Ids = (ulong)ids, Count = most };
        int result = (int)SystemCall.Invoke(SystemCallNumber.Bpf, BpfProgQuery, (nint)(&query), sizeof(BpfProgramQuery));
        if (result < 0) return result;
        for (int i = 0; i < query.Count; i++)
        {
            uint id = ids[i];
            int program = (int)SystemCall.Invoke(SystemCallNumber.Bpf, BpfProgGetFdById, (nint)(&id), sizeof(uint));
            if (program >= 0) programs.Add(new Descriptor(program));
        }
        return 0;
    }
}
