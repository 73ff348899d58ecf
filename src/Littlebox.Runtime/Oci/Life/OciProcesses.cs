using System.Globalization;
using System.Text;
using Littlebox.Linux;
using Littlebox.Runtime.CGroups;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary><c>ps</c>: the processes in a container's cgroups.</summary>
public static class OciProcesses
{
    /// <summary>Their ids, as the machine has them. Sorted; empty for a container that has stopped.</summary>
    /// <exception cref="LittleboxException">The container does not exist, or has no cgroups.</exception>
    public static IReadOnlyList<int> Of(OciStore store, string id)
    {
        OciContainerState state = store.Read(id) ?? throw OciStore.Missing(id);
        if (state.CGroups.Count == 0) throw new LittleboxException(ErrorKind.NotSupported, $"container {id} has no cgroup of its own, by which its processes could be told: it was made by a user who may make none");
        using ContainerCGroups cgroups = OciCGroups.Open(state);
        return CGroupProcesses.Of(cgroups);
    }

    /// <summary>What ps(1) of this machine prints of them: its heading, and the lines whose column PID names one.</summary>
    /// <param name="pids">The processes.</param>
    /// <param name="arguments">The arguments of ps; <c>-ef</c> where there are none.</param>
    /// <exception cref="LittleboxException">There is no ps, it fails, or it prints no column PID.</exception>
    public static string Table(IReadOnlyList<int> pids, IReadOnlyList<string> arguments)
    {
        (int code, string output) = HostProgram.Run("ps", ["ps", .. arguments.Count > 0 ? arguments : ["-ef"]], 64 << 20);
        if (code == 127) throw new LittleboxException(ErrorKind.NotSupported, "there is no ps on this machine: apt-get install procps, or use --format json");
        if (code != 0) throw new LittleboxException(ErrorKind.SystemError, $"ps {string.Join(' ', arguments)} ended with {code}: {output.TrimEnd()}");
        string[] lines = output.Split('\n');
        int column = Array.IndexOf(Fields(lines[0]), "PID");
        if (column < 0) throw new LittleboxException(ErrorKind.InvalidArgument, $"ps {string.Join(' ', arguments)} prints no column PID, by which its lines could be told");
        var table = new StringBuilder(lines[0]).Append('\n');
        var wanted = new HashSet<int>(pids);
        foreach (string line in lines.AsSpan(1))
        {
            string[] fields = Fields(line);
            if (column < fields.Length && int.TryParse(fields[column], NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && wanted.Contains(pid)) table.Append(line).Append('\n');
        }
        return table.ToString();
    }

    private static string[] Fields(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
