using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Steps;

/// <summary>The seccomp filter of a process.</summary>
internal static class SeccompSteps
{
    private const int SetModeFilter = 1;

    /// <summary>
    /// Adds the call that installs a filter. Whatever the child calls after it passes the filter, its execve and its messages to the host as well. The kernel wants
    /// CAP_SYS_ADMIN or no_new_privs, which is the caller's to see to.
    /// </summary>
    /// <returns>The register with the descriptor for an agent where the filter notifies (it is close-on-exec), else <see cref="Register.None"/>.</returns>
    public static Register Install(BootBuilder program, SeccompFilter filter)
    {
        // struct sock_fprog: how many instructions, and where they are.
        Data header = program.Structure(((long)(ushort)filter.Count, 0L));
        program.PointAt(new Data(header.Offset + 8), program.Bytes(filter.Program.Span));
        CallHandle call = program.Call(SystemCallNumber.Seccomp, $"seccomp(SECCOMP_SET_MODE_FILTER, {new Words(SeccompFlags.Text(filter.Flags))}, {{len={filter.Count}, filter=…}})",
            SetModeFilter, filter.Flags, header);
        if (!filter.Notifies) return Register.None;
        Register listener = program.NewRegister("seccomp listener");
        call.To(listener);
        return listener;
    }
}
