using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.HookRuns;

/// <summary>The document that a container was created from: <c>create</c> has kept it, since changes of the bundle's do not count any more (runtime-spec, runtime.md, Create).</summary>
internal static class KeptSpec
{
    /// <summary>Reads it.</summary>
    /// <returns><c>null</c> where <c>create</c> did not come so far.</returns>
    public static Spec? Of(OciDirectory directory)
    {
        int opened = Kernel.TryOpenAt2(directory.Number, "config.json", OpenFlags.ReadOnly | OpenFlags.NoFollow);
        if (opened < 0) return null;
        using var file = new Descriptor(opened);
        return SmallFile.Read(opened, 16 << 20) is { } document ? SpecReader.Read(document) : null;
    }
}
