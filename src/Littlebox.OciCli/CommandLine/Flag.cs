namespace Littlebox.OciCli.CommandLine;

/// <summary>A flag of the command line, as runc has it: one entry makes it read and makes its line of the help.</summary>
/// <param name="Name">The long name, without dashes.</param>
/// <param name="Help">What it does.</param>
/// <param name="Short">The short name, or <c>'\0'</c>.</param>
/// <param name="HasValue">It has a value; else it is on or off.</param>
/// <param name="Default">What the help shows as default.</param>
/// <param name="Hidden">It is for tests, and no line of the help.</param>
internal sealed record Flag(string Name, string Help, char Short = '\0', bool HasValue = false, string? Default = null, bool Hidden = false);
