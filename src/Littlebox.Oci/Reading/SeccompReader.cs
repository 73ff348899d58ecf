namespace Littlebox.Oci;

/// <summary><c>linux.seccomp</c></summary>
internal static class SeccompReader
{
    public static LinuxSeccomp? ReadSeccomp(ref ConfigReader r)
    {
        int? action = null;
        uint? errno = null;
        IReadOnlyList<LinuxSeccompArchitecture> architectures = [];
        IReadOnlyList<LinuxSeccompFlag>? flags = null;
        string? path = null, metadata = null;
        IReadOnlyList<LinuxSyscall> calls = [];
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("defaultAction"u8, ref seen, 0)) action = r.Choice(Words.SeccompActions);
            else if (r.Is("defaultErrnoRet"u8, ref seen, 1)) errno = r.Unsigned32();
            else if (r.Is("architectures"u8, ref seen, 2)) architectures = r.List(static (ref r) => (LinuxSeccompArchitecture)r.NeededChoice(Words.SeccompArchitectures));
            else if (r.Is("flags"u8, ref seen, 3)) flags = ReadFlags(ref r);
            else if (r.Is("listenerPath"u8, ref seen, 4)) path = r.TextOrNone();
            else if (r.Is("listenerMetadata"u8, ref seen, 5)) metadata = r.TextOrNone();
            else if (r.Is("syscalls"u8, ref seen, 6)) calls = r.List(ReadSyscall);
            else r.Skip();
        }
        return new()
        {
            DefaultAction = (LinuxSeccompAction)(action ?? throw r.Missing("defaultAction", Words.OneOf(Words.SeccompActions))),
            DefaultErrnoRet = errno,
            Architectures = architectures,
            Flags = flags,
            ListenerPath = path,
            ListenerMetadata = metadata,
            Syscalls = calls,
        };
    }

    private static IReadOnlyList<LinuxSeccompFlag>? ReadFlags(ref ConfigReader r)
    {
        if (!r.OpenList()) return null;
        List<LinuxSeccompFlag> flags = [];
        while (r.NextItem(flags.Count)) flags.Add((LinuxSeccompFlag)r.NeededChoice(Words.SeccompFlags));
        return flags;
    }

    private static LinuxSyscall ReadSyscall(ref ConfigReader r)
    {
        IReadOnlyList<string>? names = null;
        int? action = null;
        uint? errno = null;
        IReadOnlyList<LinuxSeccompArg> args = [];
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("names"u8, ref seen, 0)) names = r.Texts();
            else if (r.Is("action"u8, ref seen, 1)) action = r.Choice(Words.SeccompActions);
            else if (r.Is("errnoRet"u8, ref seen, 2)) errno = r.Unsigned32();
            else if (r.Is("args"u8, ref seen, 3)) args = r.List(ReadArg);
            else r.Skip();
        }
        return new()
        {
            Names = names ?? throw r.Missing("names", "a list of system calls"),
            Action = (LinuxSeccompAction)(action ?? throw r.Missing("action", Words.OneOf(Words.SeccompActions))),
            ErrnoRet = errno,
            Args = args,
        };
    }

    private static LinuxSeccompArg ReadArg(ref ConfigReader r)
    {
        uint? index = null;
        ulong? value = null;
        ulong valueTwo = 0;
        int? op = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("index"u8, ref seen, 0)) index = r.Unsigned32();
            else if (r.Is("value"u8, ref seen, 1)) value = r.Unsigned();
            else if (r.Is("valueTwo"u8, ref seen, 2)) valueTwo = r.Unsigned() ?? 0;
            else if (r.Is("op"u8, ref seen, 3)) op = r.Choice(Words.SeccompOperators);
            else r.Skip();
        }
        return new()
        {
            Index = index ?? throw r.Missing("index", "the index of an argument, 0 to 5"),
            Value = value ?? throw r.Missing("value", "a whole number"),
            ValueTwo = valueTwo,
            Operator = (LinuxSeccompOperator)(op ?? throw r.Missing("op", Words.OneOf(Words.SeccompOperators))),
        };
    }
}
