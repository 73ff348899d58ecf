using System.Globalization;
using System.Text;
using Littlebox.Linux;
using Littlebox.OciCli.CommandLine;

namespace Littlebox.OciCli.Logging;

/// <summary>
/// What is said beside the answer, as logrus writes it, since engines parse it: lines of a file (<c>--log</c>, <c>--log-format</c>), or of standard error where no file is named.
/// An error is written to standard error as well, as a plain sentence.
/// </summary>
/// <param name="path">The file, or <c>null</c>.</param>
/// <param name="json">A JSON object a line: <c>level</c>, <c>msg</c>, <c>time</c>.</param>
/// <param name="debug">Debug lines too.</param>
internal sealed class Log(string? path, bool json, bool debug)
{
    /// <summary>Standard error, as text.</summary>
    public static Log ToStandardError { get; } = new(null, json: false, debug: false);

    /// <summary>What the global flags say.</summary>
    /// <exception cref="LittleboxException">The format is not known.</exception>
    public static Log Of(ParsedFlags global)
    {
        string format = global.Value("log-format") ?? "text";
        if (format is not ("text" or "json")) throw new LittleboxException(ErrorKind.InvalidArgument, $"invalid log-format: {format}");
        return new Log(global.Value("log") is { Length: > 0 } file ? file : null, format == "json", global.Has("debug"));
    }

    /// <summary>True where debug lines are wanted.</summary>
    public bool IsDebug => debug;

    /// <summary>Writes an error.</summary>
    public void Error(string sentence, IReadOnlyList<string> details)
    {
        string whole = Whole(sentence, details);
        Write("error", whole);
        if (path is not null) Kernel.TryWrite(2, Encoding.UTF8.GetBytes(whole + "\n"));
    }

    /// <summary>Writes a warning.</summary>
    public void Warning(string sentence, params IReadOnlyList<string> details) => Write("warning", Whole(sentence, details));

    /// <summary>Writes a line for whoever looks for a fault, where such lines are wanted.</summary>
    public void Debug(string sentence)
    {
        if (debug) Write("debug", sentence);
    }

    private static string Whole(string sentence, IReadOnlyList<string> details) => details.Count == 0 ? sentence : sentence + ": " + string.Join("; ", details);

    private void Write(string level, string sentence)
    {
        string time = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        string line = json ? $"{{\"level\":\"{level}\",\"msg\":\"{Escape(sentence)}\",\"time\":\"{time}\"}}\n" : $"time=\"{time}\" level={level} msg=\"{Escape(sentence)}\"\n";
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        int opened = path is null ? -1 : Kernel.TryOpenAt2(Linux.Text.Strace.CurrentDirectory, path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append, mode: 0x1a4);
        if (opened < 0)
        {
            Kernel.TryWrite(2, bytes);
            return;
        }
        using var file = new Descriptor(opened);
        Kernel.TryWrite(opened, bytes);
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (char c in text)
        {
            switch (c)
            {
                case '"' or '\\': escaped.Append('\\').Append(c); break;
                case '\n': escaped.Append("\\n"); break;
                case '\t': escaped.Append("\\t"); break;
                case < ' ': escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: escaped.Append(c); break;
            }
        }
        return escaped.ToString();
    }
}
