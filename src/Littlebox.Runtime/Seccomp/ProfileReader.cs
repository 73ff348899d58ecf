using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Seccomp;

/// <summary>From <c>linux.seccomp</c> of config.json to what the compiler works on, with the rules of runc.</summary>
internal static class ProfileReader
{
    /// <summary>Resolves a profile.</summary>
    /// <exception cref="LittleboxException">It asks for what cannot be.</exception>
    public static SeccompProfile Read(LinuxSeccomp seccomp)
    {
        if (seccomp.DefaultAction == LinuxSeccompAction.Notify)
            throw new LittleboxException(ErrorKind.InvalidArgument, "SCMP_ACT_NOTIFY cannot be the default action of a seccomp profile: the container could not even tell that it waits for the agent");
        var entries = new List<SeccompEntry>(seccomp.Syscalls.Count);
        bool notifies = false;
        foreach (LinuxSyscall call in seccomp.Syscalls)
        {
            if (call.Action == LinuxSeccompAction.Notify) notifies = true;
            if (call.Action == LinuxSeccompAction.Notify && call.Names.Contains("write"))
                throw new LittleboxException(ErrorKind.InvalidArgument, "SCMP_ACT_NOTIFY cannot be used for the system call write: the agent's descriptor could not be handed over");
            entries.Add(new SeccompEntry(call.Names, SeccompVerdict.Of(call.Action, call.ErrnoRet), Alternatives(call.Args)));
        }
        var abis = new List<SystemCallAbi>();
        foreach (LinuxSeccompArchitecture architecture in seccomp.Architectures)
        {
            if (FilterArchitecture.Abi(architecture) is SystemCallAbi abi) abis.Add(abi);
        }
        return new SeccompProfile(SeccompVerdict.Of(seccomp.DefaultAction, seccomp.DefaultErrnoRet), abis, entries, SeccompFlags.Of(seccomp.Flags, notifies), notifies);
    }

    // All conditions together; or, where two are on one argument, each by itself. libseccomp takes one condition an argument, and runc then makes a rule of each.
    private static SeccompCondition[][] Alternatives(IReadOnlyList<LinuxSeccompArg> arguments)
    {
        var conditions = new SeccompCondition[arguments.Count];
        uint seen = 0;
        bool twice = false;
        for (int i = 0; i < conditions.Length; i++)
        {
            LinuxSeccompArg argument = arguments[i];
            if (argument.Index > 5) throw new LittleboxException(ErrorKind.InvalidArgument, $"a seccomp rule names the argument {argument.Index}; a system call has 0 to 5");
            conditions[i] = SeccompCondition.Of((int)argument.Index, argument.Operator, argument.Value, argument.ValueTwo);
            twice |= (seen & 1U << (int)argument.Index) != 0;
            seen |= 1U << (int)argument.Index;
        }
        if (twice) return Array.ConvertAll(conditions, condition => new[] { condition });
        Array.Sort(conditions, static (a, b) => a.Index.CompareTo(b.Index));
        return [conditions];
    }
}
