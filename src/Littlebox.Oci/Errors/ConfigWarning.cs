namespace Littlebox.Oci;

/// <summary>What a document asks for and will not get, where the spec wants a warning and no error (runtime.md, Warnings).</summary>
/// <param name="Pointer">Where in the document: a JSON pointer (RFC 6901).</param>
/// <param name="Sentence">What is wrong with it, for people.</param>
public sealed record ConfigWarning(string Pointer, string Sentence);
