using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Engine.Doctor;
using Littlebox.Runtime.State;

namespace Littlebox.Cli.Verbs.Doctor;

/// <summary><c>littlebox doctor</c>: the work of it.</summary>
internal static class DoctorCommand
{
    /// <summary>Prints what was found; 0 where containers can run here, 1 where not.</summary>
    public static int Run(ParsedArguments arguments)
    {
        IReadOnlyList<Finding> findings = Examination.Run(StateStore.ForThisUser());
        Output.Write(arguments.Has("json") ? DoctorJson.Of(findings) : DoctorText.Of(findings, Output.Columns(Output.Out), Style.For(Output.Out)));
        return findings.Any(static finding => finding.Prevents) ? 1 : 0;
    }
}
