namespace Littlebox.Images;

/// <summary>Placeholder until the images room lands.</summary>
public sealed class RootStore(string directory)
{
    /// <summary>Default.</summary>
    public string PrepareDefault() => directory + "/roots/default";

    /// <summary>Archive.</summary>
    public string Prepare(string path, Action<long, long>? progress = null, CancellationToken cancellation = default) => throw new NotSupportedException(path);
}
