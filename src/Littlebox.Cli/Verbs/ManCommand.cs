using System.Text;
using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Help;
using Littlebox.Cli.Terminal;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Cli.Verbs;

/// <summary>The work of <c>man</c>.</summary>
internal static class ManCommand
{
    // rw-r--r--
    private const int ReadableByAll = 0x1a4;

    /// <summary>Writes all pages, or prints the first.</summary>
    public static int Run(ParsedArguments arguments)
    {
        if (arguments.Words.Count == 0)
        {
            Output.Write(ManPage.Overview());
            return 0;
        }
        string path = arguments.Words[0];
        int opened = Kernel.TryOpenAt2(Strace.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (Kernel.ErrorOf(opened) is Errno.ENOENT or Errno.ENOTDIR)
            throw new CommandException($"there is no directory {path}; make it first: mkdir -p {path}", exitCode: 1);
        using Descriptor directory = opened >= 0 ? new Descriptor(opened) : Kernel.OpenAt2(Strace.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.Directory);
        SmallFile.Replace(directory.Number, "littlebox.1", Encoding.UTF8.GetBytes(ManPage.Overview()), ReadableByAll);
        foreach (string name in VerbTable.Names)
        {
            VerbSpec verb = VerbTable.Find(name)!;
            if (!verb.Hidden) SmallFile.Replace(directory.Number, ManPage.FileName(verb), Encoding.UTF8.GetBytes(ManPage.Of(verb)), ReadableByAll);
        }
        return 0;
    }
}
