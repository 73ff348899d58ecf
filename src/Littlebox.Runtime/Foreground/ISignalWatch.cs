namespace Littlebox.Runtime.Foreground;

/// <summary>Signals that are caught, for somebody who waits for an answer and polls.</summary>
public interface ISignalWatch
{
    /// <summary>To be polled: readable when a signal has come.</summary>
    int Number { get; }

    /// <summary>Takes the signals that have come; true where one of them asks to end: SIGINT, SIGQUIT, SIGTERM, SIGHUP.</summary>
    bool Interrupted();
}
