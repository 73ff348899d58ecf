using System.Globalization;
using System.Text;
using Littlebox.Linux;

namespace Littlebox.OciCli;

/// <summary>Where errors go: to standard error for people, and as a line of a file where engines read it (<c>--log</c>, <c>--log-format</c>).</summary>
/// <param name="path">The file, or <c>null</c>.</param>
/// <param name="json">A JSON object a line, as engines parse it: <c>level</c>, <c>msg</c>, <c>time</c>.</param>
internal sealed class ErrorLog(string? path, bool json)
{
    /// <summary>Standard error only.</summary>
    public static ErrorLog ToStandardError { get; } = new(null, json: false);

    /// <summary>Writes an error.</summary>
    public void Error(string sentence, IReadOnlyList<string> details)
    {
        string whole = details.Count == 0 ? sentence : sentence + ": " + string.Join("; ", details);
        Kernel.TryWrite(2, Encoding.UTF8.GetBytes($"littlebox-oci: {whole}\n"));
        if (path is null) return;
        int opened = Kernel.TryOpenAt2(Linux.Text.Strace.CurrentDirectory, path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append, mode: 0x1a4);
        if (opened < 0) return;
        using var file = new Descriptor(opened);
        string time = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        string line = json ? $"{{\"level\":\"error\",\"msg\":\"{Escape(whole)}\",\"time\":\"{time}\"}}\n" : $"time=\"{time}\" level=error msg=\"{Escape(whole)}\"\n";
        Kernel.TryWrite(opened, Encoding.UTF8.GetBytes(line));
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (char c in text)
        {
            if (c is '"' or '\\') escaped.Append('\\').Append(c);
            else if (c < ' ') escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else escaped.Append(c);
        }
        return escaped.ToString();
    }
}
