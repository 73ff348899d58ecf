namespace Littlebox.Runtime.Bus;

/// <summary>A call was answered by an error.</summary>
/// <param name="name">The error's name: <c>org.freedesktop.DBus.Error.AccessDenied</c>.</param>
/// <param name="text">What it says beside its name.</param>
public sealed class BusErrorException(string name, string text) : Exception(text.Length == 0 ? name : $"{name}: {text}")
{
    /// <summary>The error's name.</summary>
    public string Name => name;

    /// <summary>What it says beside its name.</summary>
    public string Text => text;
}
