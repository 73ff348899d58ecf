namespace Littlebox.Boot;

/// <summary>What is made where a path inside a root is missing.</summary>
public enum MakeMissing
{
    /// <summary>Nothing: it must be there.</summary>
    Nothing = 0,

    /// <summary>Directories.</summary>
    Directory = 1,

    /// <summary>Directories, and an empty file at the end.</summary>
    File = 2,
}
