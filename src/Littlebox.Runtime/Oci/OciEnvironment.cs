using System.Globalization;
using System.Text;
using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>The environment of a process: as the document has it, each name once, and HOME where it has none, which engines leave to the runtime.</summary>
internal static class OciEnvironment
{
    private const int LargestPasswd = 1 << 20;

    /// <summary>The process with its whole environment.</summary>
    /// <param name="process">The process.</param>
    /// <param name="root">The root in which its user is looked up where there is no HOME; that it cannot be opened is for others to say.</param>
    public static Process Complete(Process process, string root)
    {
        var variables = new List<string>(process.Env.Count + 1);
        var places = new Dictionary<string, int>(process.Env.Count, StringComparer.Ordinal);
        bool home = false;
        foreach (string variable in process.Env)
        {
            int equals = variable.IndexOf('=');
            if (equals <= 0) throw new LittleboxException(ErrorKind.InvalidArgument, $"/process/env: found {Linux.Text.Strace.Quote(variable)}; allowed: NAME=VALUE");
            string name = variable[..equals];
            // An empty HOME counts for none.
            if (name == "HOME")
            {
                if (equals + 1 == variable.Length) continue;
                home = true;
            }
            // The last one counts, as for the shell.
            if (places.TryGetValue(name, out int place))
            {
                variables[place] = variable;
                continue;
            }
            places.Add(name, variables.Count);
            variables.Add(variable);
        }
        if (!home)
        {
            using RootDirectory? opened = TryOpen(root);
            variables.Add("HOME=" + ((opened is null ? null : HomeOf(opened, process.User.Uid)) ?? "/"));
        }
        return process with { Env = variables };
    }

    /// <summary>Opens a root; <c>null</c> where it cannot be.</summary>
    public static RootDirectory? TryOpen(string root)
    {
        int opened = Kernel.TryOpenAt2(Linux.Text.Strace.CurrentDirectory, root, OpenFlags.PathOnly | OpenFlags.Directory);
        return opened < 0 ? null : RootDirectory.Adopt(new Descriptor(opened));
    }

    // The root's own /etc/passwd, read with bounds (GO-2026-5475); what cannot be read is no home.
    private static string? HomeOf(RootDirectory root, uint uid)
    {
        byte[]? content;
        try
        {
            content = root.ReadSmallFile("/etc/passwd", LargestPasswd);
        }
        catch (Exception failure) when (failure is InvalidDataException or SystemCallException)
        {
            return null;
        }
        if (content is null) return null;
        string wanted = uid.ToString(CultureInfo.InvariantCulture);
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            string[] fields = line.Split(':');
            if (fields.Length >= 7 && fields[2] == wanted && fields[5].StartsWith('/') && !fields[5].Contains('\0')) return fields[5];
        }
        return null;
    }
}
