namespace Littlebox.Oci;

/// <summary><c>linux.seccomp</c> (config-linux.md, Seccomp).</summary>
internal static class SeccompCheck
{
    private const string At = "/linux/seccomp";

    public static void Check(LinuxSeccomp seccomp)
    {
        if (seccomp.DefaultAction is LinuxSeccompAction.Notify)
            throw Wrong.At($"{At}/defaultAction", "SCMP_ACT_NOTIFY", "another action: the container could not even tell that it waits for the listener");
        CheckNumber(seccomp.DefaultAction, seccomp.DefaultErrnoRet, static () => $"{At}/defaultErrnoRet");
        bool notifies = false;
        for (int i = 0; i < seccomp.Syscalls.Count; i++)
        {
            CheckRule(seccomp.Syscalls[i], i);
            notifies |= seccomp.Syscalls[i].Action is LinuxSeccompAction.Notify;
        }
        if (seccomp.ListenerPath is null && notifies) throw Wrong.At($"{At}/listenerPath", "nothing", "the socket that gets the descriptor, since a rule has SCMP_ACT_NOTIFY");
        if (seccomp.ListenerPath is null && seccomp.ListenerMetadata is not null) throw Wrong.At($"{At}/listenerMetadata", "metadata without listenerPath", "it beside a listenerPath");
    }

    private static void CheckRule(LinuxSyscall rule, int i)
    {
        int index = i;
        if (rule.Names.Count == 0) throw Wrong.At($"{At}/syscalls/{i}/names", "an empty list", "at least one system call");
        for (int j = 0; j < rule.Names.Count; j++)
        {
            if (rule.Names[j].Length == 0) throw Wrong.At($"{At}/syscalls/{i}/names/{j}", "an empty string", "the name of a system call");
            if (rule.Action is LinuxSeccompAction.Notify && rule.Names[j] == "write")
                throw Wrong.At($"{At}/syscalls/{i}/names/{j}", "write with SCMP_ACT_NOTIFY", "another action: the listener's descriptor could not be handed over");
        }
        CheckNumber(rule.Action, rule.ErrnoRet, () => $"{At}/syscalls/{index}/errnoRet");
        for (int j = 0; j < rule.Args.Count; j++)
        {
            if (rule.Args[j].Index > 5) throw Wrong.At($"{At}/syscalls/{i}/args/{j}/index", $"{rule.Args[j].Index}", "0 to 5: a system call has six arguments");
        }
    }

    private static void CheckNumber(LinuxSeccompAction action, uint? number, Func<string> pointer)
    {
        if (number is not { } given) return;
        // MAX_ERRNO; a message to a tracer has 16 bits.
        uint most = action switch { LinuxSeccompAction.Errno => 4095, LinuxSeccompAction.Trace => 65535, _ => 0 };
        if (most == 0) throw Wrong.At(pointer(), $"{given} with {Words.SeccompActions[(int)action]}", "a number with SCMP_ACT_ERRNO and SCMP_ACT_TRACE only");
        if (given > most) throw Wrong.At(pointer(), $"{given}", $"0 to {most}");
    }
}
