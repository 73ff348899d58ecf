using System.Text;
using Littlebox.Linux;
using Littlebox.OciCli.Logging;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.OciCli.CommandLine;

/// <summary>One call of a verb: what the command line says, global flags included.</summary>
/// <param name="global">The flags before the verb.</param>
/// <param name="line">The flags and words after it.</param>
/// <param name="log">Where warnings and errors go.</param>
internal sealed class Invocation(ParsedFlags global, ParsedFlags line, Log log)
{
    private OciStore? store;

    /// <summary>The flags and words after the verb.</summary>
    public ParsedFlags Line => line;

    /// <summary>The flags before the verb: <c>--systemd-cgroup</c>, <c>--rootless</c> …</summary>
    public ParsedFlags Global => global;

    /// <summary>Where warnings and errors go.</summary>
    public Log Log => log;

    /// <summary>The containers of <c>--root</c>.</summary>
    public OciStore Store => store ??= new OciStore(global.Value("root") is { Length: > 0 } root ? root : OciStore.DefaultRoot()) { Warn = warning => log.Warning(warning.Message, warning.Details) };

    /// <summary><c>--rootless</c>; <c>null</c> for <c>auto</c>.</summary>
    /// <exception cref="LittleboxException">It is none of the three.</exception>
    public bool? Rootless => (global.Value("rootless") ?? "auto") switch
    {
        "" or "auto" => null,
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        var other => throw new LittleboxException(ErrorKind.InvalidArgument, $"invalid value \"{other}\" for --rootless: true, false or auto"),
    };

    /// <summary>The first word: a container's id.</summary>
    public string Id => line.Words[0];

    /// <summary>Writes to standard output.</summary>
    /// <returns>The exit code of success.</returns>
    public static int Print(string text)
    {
        Kernel.Write(1, Encoding.UTF8.GetBytes(text));
        return 0;
    }
}
