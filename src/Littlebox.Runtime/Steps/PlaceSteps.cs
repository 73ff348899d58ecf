using Littlebox.Plan;
using Littlebox.Plan.Explain;
using Littlebox.Runtime.Request;
using Littlebox.Runtime.State;

namespace Littlebox.Runtime.Steps;

/// <summary>What the steps inside will make in a directory of the user's, and what of it is removed at the end.</summary>
internal static class PlaceSteps
{
    /// <summary>The paths inside the root that are made where they are missing: for mounts, and to work in.</summary>
    public static IEnumerable<string> Of(ContainerRequest request)
    {
        List<string> places = ["/proc", "/sys", "/dev", request.NetworkFiles[0], request.NetworkFiles[1]];
        if (request.ResolvConf is not null) places.Add(request.NetworkFiles[2]);
        foreach (MountRequest mount in request.Mounts) places.Add(mount.Target);
        if (request.WorkingDirectory != "/") places.Add(request.WorkingDirectory);
        return places;
    }

    /// <summary>The lines of bash that note what is missing, and remove it when the script ends.</summary>
    /// <param name="request">The request.</param>
    /// <param name="end">What the script does at its end besides.</param>
    public static IEnumerable<string> Shell(ContainerRequest request, string end)
    {
        string root = ShellQuote.Word(request.Root.Directory.TrimEnd('/'));
        yield return "made=()";
        yield return "note() { [ -e \"$1\" ] || [ -L \"$1\" ] || made=(\"$1\" \"${made[@]}\"); }";
        foreach (string place in WithParents(request)) yield return $"note {root}{ShellQuote.Word(place)}";
        yield return "unmake() { local place; for place in \"${made[@]}\"; do rmdir \"$place\" 2>/dev/null || [ -s \"$place\" ] || rm -f \"$place\" 2>/dev/null || :; done; }";
        yield return $"trap '{end}; unmake' EXIT";
    }

    private static List<string> WithParents(ContainerRequest request)
    {
        List<string> all = [];
        foreach (string place in Of(request))
        {
            for (int slash = place.IndexOf('/', 1); slash > 0; slash = place.IndexOf('/', slash + 1))
            {
                if (!all.Contains(place[..slash])) all.Add(place[..slash]);
            }
            if (!all.Contains(place)) all.Add(place);
        }
        return all;
    }
}
