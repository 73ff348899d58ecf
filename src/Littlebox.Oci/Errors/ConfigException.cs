using Littlebox.Linux;

namespace Littlebox.Oci;

/// <summary>
/// A document that is refused before anything is made of it: <c>config.json: /linux/resources/memory/limit: found "1g"; allowed: a whole number</c>.
/// </summary>
public sealed class ConfigException : LittleboxException
{
    /// <summary>Makes the error.</summary>
    /// <param name="document">The name of the document, <c>config.json</c>.</param>
    /// <param name="pointer">Where in it: a JSON pointer (RFC 6901); empty is the whole document.</param>
    /// <param name="found">What is there.</param>
    /// <param name="allowed">What may be there.</param>
    public ConfigException(string document, string pointer, string found, string allowed)
        : base(ErrorKind.InvalidArgument, $"{document}: {(pointer.Length == 0 ? "" : pointer + ": ")}found {found}; allowed: {allowed}")
    {
        Pointer = pointer;
        Found = found;
        Allowed = allowed;
    }

    /// <summary>Where in the document: a JSON pointer (RFC 6901); empty is the whole document.</summary>
    public string Pointer { get; }

    /// <summary>What is there.</summary>
    public string Found { get; }

    /// <summary>What may be there.</summary>
    public string Allowed { get; }
}
