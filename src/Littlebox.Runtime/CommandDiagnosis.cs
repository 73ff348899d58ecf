using System.Buffers.Binary;
using System.Text;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Runtime;

/// <summary>
/// Why a command could not be executed. The kernel says "No such file or directory" for the file, for its interpreter and for its loader alike; this
/// looks at what the child sees, while it still stands there.
/// </summary>
public static class CommandDiagnosis
{
    private const int NoExecFlag = 8; // ST_NOEXEC of statfs(2)

    /// <summary>The error for people: kind CommandNotFound (exit code 127) or CommandNotExecutable (126).</summary>
    /// <param name="child">The child whose execve failed; it waits.</param>
    /// <param name="command">The command as it was given.</param>
    /// <param name="candidates">The paths that were tried.</param>
    public static LittleboxException Of(BootChild child, string command, IReadOnlyList<string> candidates)
    {
        using RootDirectory root = RootDirectory.Open($"/proc/{child.Pid}/root");
        return Of(root, Kernel.TryReadLink($"/proc/{child.Pid}/cwd") ?? "/", child.Error, child.Candidate, command, candidates);
    }

    /// <summary>The error for people where the child itself need not be looked at.</summary>
    /// <param name="root">The root that it sees.</param>
    /// <param name="directory">Its current directory there.</param>
    /// <param name="failure">What execve failed with.</param>
    /// <param name="candidate">With which of the paths.</param>
    /// <param name="command">The command as it was given.</param>
    /// <param name="candidates">The paths that were tried.</param>
    public static LittleboxException Of(RootDirectory root, string directory, Errno failure, int candidate, string command, IReadOnlyList<string> candidates)
    {
        string call = $"execve({Strace.Quote(candidates[Math.Min(candidate, candidates.Count - 1)])}, …) = -1 {failure} ({failure.Describe()})";
        foreach (string tried in candidates)
        {
            string path = tried.StartsWith('/') ? tried : $"{directory.TrimEnd('/')}/{tried}";
            using Descriptor? file = root.TryOpenFile(path, OpenFlags.PathOnly, out Errno error);
            if (file is null)
            {
                if (candidates.Count == 1) return NotFound(command, path, error, call);
                continue;
            }
            return Examine(root, file, path, failure, call);
        }
        if (failure is Errno.EACCES)
            return Refused($"{Shown(command)}: not found where this user may look; a directory of PATH may not be entered", call);
        return new LittleboxException(ErrorKind.CommandNotFound, $"{Shown(command)}: not found in this root: none of the directories of PATH has it", $"looked in {string.Join(", ", candidates.Select(static path => path[..path.LastIndexOf('/')]))}", call);
    }

    private static LittleboxException NotFound(string given, string path, Errno error, string call)
    {
        string command = Shown(given);
        string sentence = error switch
        {
            Errno.ENOENT => $"{command}: there is no such file in this root",
            Errno.ENOTDIR => $"{command}: a part of the path is not a directory in this root",
            Errno.EACCES => $"{command}: a directory of the path may not be entered by this user",
            Errno.ELOOP => $"{command}: its symbolic links go in a circle",
            _ => $"{command}: {error.Describe().ToLowerInvariant()}",
        };
        return new LittleboxException(error is Errno.EACCES ? ErrorKind.CommandNotExecutable : ErrorKind.CommandNotFound, sentence, $"looked for {path}", call);
    }

    private static LittleboxException Examine(RootDirectory root, Descriptor file, string path, Errno error, string call)
    {
        FileStatus status = Kernel.Statx(file.Number);
        if (status.IsDirectory) return Refused($"{path} is a directory, not a program", call);
        if (status.Type != FileTypes.Regular) return Refused($"{path} is not a regular file", call);
        if ((status.Mode & 0x49) == 0) return Refused($"{path} has no execute permission (mode 0{Convert.ToString(status.Mode & 0xfff, 8)}): 'chmod +x' it in the root", call);
        if ((Kernel.MountFlagsOf(file.Number) & NoExecFlag) != 0) return Refused($"{path} lies on a mount with noexec: nothing on it can be executed", call);

        using Descriptor? readable = root.TryOpenFile(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking, out _);
        byte[] buffer = new byte[4096];
        int length = readable is null ? 0 : Math.Max(0, Kernel.TryRead(readable.Number, buffer));
        ReadOnlySpan<byte> start = buffer.AsSpan(0, length);
        if (error is Errno.EACCES && (status.Mode & 1) == 0)
            return Refused($"{path} may not be executed by this user (mode 0{Convert.ToString(status.Mode & 0xfff, 8)}, owner {status.Uid}:{status.Gid})", call);
        if (start.StartsWith("#!"u8)) return Script(root, path, start, error, call);
        if (start.StartsWith("\u007fELF"u8)) return Elf(root, path, start, error, call);
        if (error is Errno.ENOEXEC)
            return Refused(length == 0 ? $"{path} is empty" : $"{path} is neither a program nor a script: a script begins with a line such as #!/bin/sh", call);
        if (error is Errno.E2BIG) return Refused("the arguments and the environment together are too long", call);
        return Refused($"{path}: {error.Describe().ToLowerInvariant()}", call);
    }

    private static LittleboxException Script(RootDirectory root, string path, ReadOnlySpan<byte> start, Errno error, string call)
    {
        int end = start.IndexOf((byte)'\n');
        string line = Encoding.UTF8.GetString(end < 0 ? start : start[..end])[2..].TrimStart(' ', '\t');
        string interpreter = line.Split(' ', '\t')[0];
        if (line.EndsWith('\r') && error is Errno.ENOENT)
            return Missing($"{path} has Windows line ends (CRLF), so that its interpreter would be named {Strace.Quote(interpreter)}: convert it, for instance with 'sed -i s/\\\\r$//'", call);
        using Descriptor? found = root.TryOpenFile(interpreter, OpenFlags.PathOnly, out _);
        if (found is null && interpreter.Length > 0) return Missing($"{path} is a script for {Shown(interpreter)}, and this root has no {Shown(interpreter)}", call);
        if (found is not null && (Kernel.Statx(found.Number).Mode & 0x49) == 0) return Refused($"{path} is a script for {Shown(interpreter)}, which has no execute permission", call);
        return Refused($"{path} is a script for {Strace.Quote(interpreter)}, which cannot be executed: {error.Describe().ToLowerInvariant()}", call);
    }

    // ELF-64 (elf(5)): machine at 18, program headers at 32, their size and number at 54 and 56.
    private static LittleboxException Elf(RootDirectory root, string path, ReadOnlySpan<byte> start, Errno error, string call)
    {
        if (start.Length < 64) return Refused($"{path} is a program that has been cut short", call);
        int machine = BinaryPrimitives.ReadUInt16LittleEndian(start[18..]);
        int own = Machine.IsArm64 ? 183 : 62;
        if (error is Errno.ENOEXEC && machine != own)
            return Refused($"{path} is a program for {MachineName(machine)}, and this machine is {MachineName(own)}: use a root for this machine, or install an emulator (package qemu-user-static)", call);
        if (error is Errno.ENOENT && start[4] == 2)
        {
            string? loader = Loader(start);
            using Descriptor? found = loader is null ? null : root.TryOpenFile(loader, OpenFlags.PathOnly, out _);
            if (loader is not null && found is null)
                return Missing($"{path} is a program that needs the loader {Shown(loader)}, and this root does not have it: it was built for another system (glibc or musl), or its libraries are missing", call);
        }
        return error is Errno.ENOENT ? Missing($"{path}: its loader or interpreter is missing", call) : Refused($"{path} cannot be executed: {error.Describe().ToLowerInvariant()}", call);
    }

    private static string? Loader(ReadOnlySpan<byte> start)
    {
        int at = (int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(start[32..]), int.MaxValue);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(start[54..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(start[56..]);
        for (int i = 0; i < count && at + 56 <= start.Length && size >= 56; i++, at += size)
        {
            ReadOnlySpan<byte> header = start.Slice(at, 56);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 3) continue; // PT_INTERP
            ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]), length = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
            return offset + length <= (ulong)start.Length && offset < int.MaxValue ? Utf8Z.Read(start.Slice((int)offset, (int)length)) : null;
        }
        return null;
    }

    private static string MachineName(int machine) => machine switch
    {
        3 => "x86 (32 bit)",
        40 => "arm (32 bit)",
        62 => "x86_64",
        183 => "arm64",
        243 => "riscv",
        21 => "ppc64",
        22 => "s390x",
        _ => $"ELF machine {machine}",
    };

    // What comes out of a file of the root, or has control characters, must not reach the terminal as it is.
    private static string Shown(string text) => text.Any(static c => char.IsControl(c)) ? Strace.Quote(text) : text;

    private static LittleboxException Missing(string sentence, string call) => new(ErrorKind.CommandNotFound, sentence, call);

    private static LittleboxException Refused(string sentence, string call) => new(ErrorKind.CommandNotExecutable, sentence, call);
}
