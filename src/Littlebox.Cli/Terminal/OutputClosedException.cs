namespace Littlebox.Cli.Terminal;

/// <summary>The reader of standard output has gone (<c>littlebox ps | head -1</c>). Littlebox ends, and says nothing.</summary>
internal sealed class OutputClosedException : Exception;
