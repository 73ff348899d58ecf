namespace Littlebox.Oci;

/// <summary><c>linux.intelRdt</c> (config-linux.md, IntelRdt): the name of a directory of resctrl, and lines of its schemata file.</summary>
internal static class IntelRdtCheck
{
    private const string At = "/linux/intelRdt";

    public static void Check(LinuxIntelRdt rdt)
    {
        if (rdt.ClosId is { } id && (id is "." or ".." || id.AsSpan().IndexOfAny('/', '\n') >= 0)) throw Wrong.At($"{At}/closID", Quoted.Of(id), "a name without slashes");
        for (int i = 0; i < rdt.Schemata.Count; i++)
        {
            if (rdt.Schemata[i].Contains('\n')) throw Wrong.At($"{At}/schemata/{i}", Quoted.Of(rdt.Schemata[i]), "one line, such as L3:0=ff");
        }
        if (rdt.MemBwSchema is { } bandwidth && (!bandwidth.StartsWith("MB:", StringComparison.Ordinal) || bandwidth.Contains('\n')))
            throw Wrong.At($"{At}/memBwSchema", Quoted.Of(bandwidth), "one line that begins with MB:");
    }
}
