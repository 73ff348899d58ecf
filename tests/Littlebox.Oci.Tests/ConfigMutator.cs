using System.Text;

namespace Littlebox.Oci.Tests;

/// <summary>Damages documents with a feeling for what they are: fields go, come twice, change places and types; numbers and texts become strange. The same seed does the same.</summary>
/// <param name="seed">The seed.</param>
internal sealed class ConfigMutator(int seed)
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "2", "65535", "65536", "2147483647", "2147483648", "-2147483648", "4294967294", "4294967295", "4294967296", "9223372036854775807", "-9223372036854775808",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "1.5", "1e3", "1e999", "-1e-999", "0.0", "00", "0x10", "+1", "NaN", "1" + new string('0', 400),
    ];

    private static readonly string[] Values = ["null", "true", "false", "0", "\"\"", "\"x\"", "{}", "[]", "[null]", "{\"\":null}", "[[]]", "undefined", "'x'", "/**/1", ""];

    private static readonly string[] Texts =
    [
        "", " ", "/", "//", "/.", "/..", ".", "..", "../..", "a/../../b", "/proc", "/proc/self/fd/1", "/proc/sys", "/dev", "/dev/null", "/dev/pts", "/sys", "/sys/fs/cgroup", "relative", "-", "--", "=", "=x", "x=", "A=B=C",
        "a\nb", "a\tb", "a\rb", "%s%n", "%d", "${HOME}", "`id`", "$(id)", ";", "|", "\\", "'", "~", "~0~1", "ünïcödé", "日本語", "\U0001f4e6", "\u202etxt", "\ufeff", "a\u0000b", "\ue0007\ue001", "\ue000", "\u0001", "\u007f", "\ufffd",
        "ro", "rw", "bind", "rbind", "remount", "rprivate", "shared", "rro", "idmap", "ridmap", "tmpcopyup", "noatime", "strictatime", "mode=755", "size=1m", "size=", "size=-1", "lowerdir=/a,upperdir=/b", "proc", "tmpfs", "sysfs",
        "devpts", "mqueue", "cgroup", "cgroup2", "overlay", "none", "pid", "network", "mount", "user", "uts", "ipc", "time", "a", "b", "c", "p", "u", "rwm", "CAP_SYS_ADMIN", "CAP_NOT_THERE", "cap_kill", "RLIMIT_CORE", "SCHED_FIFO",
        "SCHED_DEADLINE", "IOPRIO_CLASS_RT", "SCMP_ACT_KILL", "SCMP_ACT_NOTIFY", "SCMP_ACT_LOG", "SCMP_ARCH_X86", "SCMP_ARCH_AARCH64", "SCMP_CMP_MASKED_EQ", "execve", "no_such_call", "net.ipv4.ip_forward", "kernel.hostname",
        "kernel.core_pattern", "net.ipv4.conf.eth0/1.forwarding", "fs.mqueue.msg_max", "0-3", "0,2", "1-", "3-0", "99999", "0-99999999", "2MB", "1GB", "L3:0=f", "1.0.0", "1.3.0", "2.0.0", "rshared", "runbindable", "slave",
    ];

    private readonly Random random = new(seed);

    /// <summary>A damaged copy.</summary>
    /// <param name="documents">Those to begin with.</param>
    public byte[] Next(IReadOnlyList<string> documents)
    {
        JsonTree tree = JsonTree.Of(documents[random.Next(documents.Count)]);
        for (int times = 1 + random.Next(3); times > 0; times--) Change(tree);
        byte[] bytes = Encoding.UTF8.GetBytes(tree.ToString());
        return random.Next(20) == 0 ? Damage(bytes) : bytes;
    }

    private void Change(JsonTree tree)
    {
        JsonTree[] all = [.. tree.All()];
        JsonTree one = all[random.Next(all.Length)], other = all[random.Next(all.Length)];
        switch (random.Next(16))
        {
            case 0:
                one.Parent?.Children.Remove(one);
                break;
            case 1:
                Repeat(one, 1);
                break;
            case 2:
                // What is in itself cannot be.
                if (one.All().Contains(other) || other.All().Contains(one)) break;
                JsonTree kept = one.CopyTo(one.Parent);
                one.Become(other);
                other.Become(kept);
                break;
            case 3:
                if (one.Parent is null || other.Parent is null) break;
                (one.Name, other.Name) = (other.Name, one.Name);
                break;
            case 4:
                one.Become(Values[random.Next(Values.Length)]);
                break;
            case 5 or 6:
                Leaf(all, static text => char.IsAsciiDigit(text[^1])).Become(Numbers[random.Next(Numbers.Length)]);
                break;
            case 7 or 8 or 9:
                Leaf(all, static text => text[0] == '"').Become(Quote(Texts[random.Next(Texts.Length)]));
                break;
            case 10:
                Leaf(all, static text => text[0] == '"').Become(Long());
                break;
            case 11:
                one.Name = Quote(Texts[random.Next(Texts.Length)]);
                break;
            case 12:
                int depth = random.Next(50) == 0 ? 20_000 : random.Next(1, 40);
                string inner = one.ToString();
                one.Become(random.Next(2) == 0 ? $"{new string('[', depth)}{inner}{new string(']', depth)}" : $"{string.Concat(Enumerable.Repeat("{\"a\":", depth))}{inner}{new string('}', depth)}");
                break;
            case 13:
                if (random.Next(10) == 0) Repeat(one, random.Next(3, 3000));
                break;
            case 14:
                // The same in another case: other runtimes would take it.
                if (one.Name is { Length: > 3 } name) one.Name = random.Next(2) == 0 ? name.ToUpperInvariant() : char.ToUpperInvariant(name[1]) is var first ? $"\"{first}{name[2..]}" : name;
                break;
            default:
                if (one.Text is null && other.Parent is not null) one.Children.Insert(random.Next(one.Children.Count + 1), other.CopyTo(one));
                break;
        }
    }

    private JsonTree Leaf(JsonTree[] all, Func<string, bool> wanted)
    {
        JsonTree[] leaves = [.. all.Where(node => node.Text is { Length: > 0 } text && wanted(text))];
        return leaves.Length == 0 ? all[^1] : leaves[random.Next(leaves.Length)];
    }

    private static void Repeat(JsonTree one, int times)
    {
        if (one.Parent is not { } parent) return;
        for (int i = 0; i < times && one.Children.Count < 100; i++) parent.Children.Insert(parent.Children.IndexOf(one), one.CopyTo(parent));
    }

    private string Long()
    {
        int length = new[] { 63, 64, 65, 107, 108, 254, 255, 256, 1023, 4094, 4095, 4096, 65_536, 131_071, 131_072 }[random.Next(15)];
        return random.Next(4) switch
        {
            0 => $"\"/{new string('x', length - 1)}\"",
            1 => $"\"{string.Concat(Enumerable.Repeat("/a", length / 2))}\"",
            2 => $"\"{string.Concat(Enumerable.Repeat("é", length / 2))}\"",
            _ => $"\"{new string('x', length)}\"",
        };
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (c < ' ') quoted.Append($"\\u{(int)c:x4}");
            else quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    private byte[] Damage(byte[] bytes)
    {
        if (bytes.Length == 0) return bytes;
        int at = random.Next(bytes.Length);
        switch (random.Next(5))
        {
            case 0:
                return bytes[..at];
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                return [.. bytes[..at], .. Encoding.ASCII.GetBytes("\\ud800"), .. bytes[at..]];
            case 3:
                return [.. bytes[..at], 0, .. bytes[at..]];
            default:
                return [.. bytes, .. bytes[..at]];
        }
    }
}
