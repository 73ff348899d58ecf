using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan;

namespace Littlebox.Runtime.Oci;

/// <summary>
/// <c>tmpcopyup</c>: the runtime copies what a directory of the container's root holds into the new tmpfs, which nobody else can reach yet. Both come from the child by descriptor, and
/// nothing is followed: what the root holds is hostile.
/// </summary>
internal sealed class OciCopyUp : IDisposable
{
    private Descriptor? from;

    /// <summary>The number of <see cref="MessageKind.CopyTo"/> where the options say whose the tmpfs is.</summary>
    public const int KeepOwner = 1;

    /// <summary>Does what a message of the child asks for; the callee owns the descriptor.</summary>
    public void Handle(MessageKind kind, int number, Descriptor passed)
    {
        if (kind == MessageKind.CopyFrom)
        {
            from?.Dispose();
            from = passed;
            return;
        }
        using (passed)
        {
            if (from is not null) TreeCopy.Copy(from.Number, passed.Number, owner: number != KeepOwner);
        }
        from?.Dispose();
        from = null;
    }

    /// <inheritdoc/>
    public void Dispose() => from?.Dispose();
}
