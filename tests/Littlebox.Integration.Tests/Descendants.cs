using System.Runtime.InteropServices;

namespace Littlebox.Integration.Tests;

/// <summary>
/// The processes that come from this one. This process is made a subreaper (prctl(2)): what loses its parent becomes our child, so that a process
/// which a test left behind is found whatever it calls itself.
/// </summary>
public static partial class Descendants
{
    private static readonly bool Reaping = Start();

    // PF_EXITING of include/linux/sched.h.
    private const uint Exiting = 4;

    /// <summary>
    /// All of them that are alive: process id and command name. Zombies are not counted, nor who is on his way to be one: the first process of a pid namespace waits there,
    /// its other namespaces gone already, until each of the others has been reaped.
    /// </summary>
    public static Dictionary<int, string> All()
    {
        Assert.True(Reaping, "prctl(PR_SET_CHILD_SUBREAPER) failed");
        var parents = new Dictionary<int, (int Parent, string Name)>();
        foreach (string path in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(path), out int id) || Stat(id) is not var (name, state, parent, flags)) continue;
            if (state is not ('Z' or 'X') && (flags & Exiting) == 0) parents[id] = (parent, name);
        }
        return parents.Where(pair => IsOurs(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value.Name);

        bool IsOurs(int id)
        {
            for (int steps = 0; parents.TryGetValue(id, out (int Parent, string Name) entry) && steps < 100; steps++, id = entry.Parent)
            {
                if (entry.Parent == Environment.ProcessId) return true;
            }
            return false;
        }
    }

    /// <summary>The child of a process that has executed a program of a given name, once it is there.</summary>
    public static int AwaitChild(int parent, string name)
    {
        for (int tries = 0; tries < 500; tries++, Thread.Sleep(10))
        {
            foreach (string child in File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (Linux.SmallFile.TryReadText($"/proc/{child}/comm") == name + "\n") return int.Parse(child, System.Globalization.CultureInfo.InvariantCulture);
            }
        }
        throw new InvalidOperationException($"process {parent} has started no {name}");
    }

    /// <summary>Makes this process a subreaper, before the first test runs.</summary>
    [System.Runtime.CompilerServices.ModuleInitializer]
    internal static void Begin() => Assert.True(Reaping, "prctl(PR_SET_CHILD_SUBREAPER) failed");

    private static bool Start()
    {
        if (Prctl(36, 1) != 0) return false;
        new Thread(ReapOrphans) { IsBackground = true }.Start();
        return true;
    }

    // A pid namespace does not end before the last zombie in it has been reaped, and for one that lost its parent that is up to us. Those that the
    // Process class has started it reaps itself at once: only a zombie that was one before is taken.
    private static void ReapOrphans()
    {
        HashSet<int> before = [];
        while (true)
        {
            HashSet<int> zombies = [];
            foreach (string path in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(path), out int id) && Stat(id) is (_, 'Z', var parent, _) && parent == Environment.ProcessId) zombies.Add(id);
            }
            foreach (int id in zombies)
            {
                if (before.Contains(id)) Linux.Kernel.TryWait(id, out _, wait: false);
            }
            before = zombies;
            Thread.Sleep(250);
        }
    }

    private static (string Name, char State, int Parent, uint Flags)? Stat(int id)
    {
        if (Linux.SmallFile.TryReadText($"/proc/{id}/stat") is not { } text) return null;
        int open = text.IndexOf('('), close = text.LastIndexOf(')');
        string[] rest = text[(close + 2)..].Split(' ');
        return (text[(open + 1)..close], rest[0][0], int.Parse(rest[1]), uint.Parse(rest[6]));
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint argument);
}
