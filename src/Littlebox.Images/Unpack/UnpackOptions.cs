using Littlebox.Linux;

namespace Littlebox.Images.Unpack;

/// <summary>How an archive is unpacked, and how much of it.</summary>
public sealed record UnpackOptions
{
    /// <summary>The largest number of bytes that the archive may have without its compression. Default: 64 GiB.</summary>
    public long MaxBytes { get; init; } = 64L << 30;

    /// <summary>The largest number of names that are made, directories that the archive only implies included. Default: four million.</summary>
    public long MaxEntries { get; init; } = 4_000_000;

    /// <summary>
    /// Set owners, make devices, set <c>security.*</c> and <c>trusted.*</c> attributes. Default: as root yes, as an ordinary user, who may not, no:
    /// all files are then the user's own, and what was left out is counted in <see cref="UnpackResult"/>.
    /// </summary>
    public bool AsRoot { get; init; } = Kernel.EffectiveUid == 0;
}
