using System.Diagnostics;

namespace Littlebox.Integration.Tests;

/// <summary>
/// What a container could leave behind, before and after: mounts, processes, namespaces, cgroups, network links and files of state.
/// <c>using var leaks = new LeakCheck();</c> compares at the end of the test.
/// </summary>
/// <remarks>Processes and the namespaces they hold are those that come from this process; everything else is the machine's.</remarks>
public sealed class LeakCheck : IDisposable
{
    private readonly string[] stateDirectories;
    private readonly SortedSet<string> before;
    private bool done;

    /// <summary>Takes down what there is now.</summary>
    /// <param name="stateDirectories">Directories whose files are compared; those of littlebox by default.</param>
    public LeakCheck(params string[] stateDirectories)
    {
        // What a test before has left of a container that it killed is tidied up now, and not meanwhile.
        if (File.Exists(NativeBinary.Path)) NativeBinary.Run("ps");
        this.stateDirectories = stateDirectories.Length > 0 ? stateDirectories : ["/run/littlebox", "/var/lib/littlebox"];
        before = Snapshot();
    }

    /// <summary>Fails the test where there is something now that was not there at the start, or where something has gone.</summary>
    /// <param name="patience">How long the kernel may take to finish what is on its way (a namespace is freed behind its last process).</param>
    public void Compare(TimeSpan? patience = null)
    {
        done = true;
        var watch = Stopwatch.StartNew();
        while (true)
        {
            SortedSet<string> after = Snapshot();
            string[] more = [.. after.Except(before, StringComparer.Ordinal)], less = [.. before.Except(after, StringComparer.Ordinal)];
            if (more.Length == 0 && less.Length == 0) return;
            if (watch.Elapsed > (patience ?? TimeSpan.FromSeconds(3)))
                Assert.Fail(string.Join('\n', more.Select(line => $"left behind: {line}").Concat(less.Select(line => $"gone: {line}"))));
            Thread.Sleep(20);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Where the test itself has failed, its own message is the one to be read.
        if (!done && TestContext.Current.TestState?.Result != TestResult.Failed) Compare();
    }

    private SortedSet<string> Snapshot()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string line in File.ReadAllLines("/proc/self/mountinfo")) found.Add("mount " + MountOf(line));
        foreach ((int id, string name) in Descendants.All())
        {
            found.Add($"process {id} ({name})");
            foreach (string kind in new[] { "cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts" })
            {
                if (Linux.Kernel.TryReadLink($"/proc/{id}/ns/{kind}") is { } link && link != Linux.Kernel.TryReadLink($"/proc/self/ns/{kind}")) found.Add("namespace " + link);
            }
        }
        foreach (string link in Directory.EnumerateFileSystemEntries("/sys/class/net")) found.Add("network link " + Path.GetFileName(link));
        foreach (string cgroup in CGroups("/sys/fs/cgroup", 0)) found.Add("cgroup " + cgroup);
        foreach (string directory in stateDirectories.Where(Directory.Exists))
        {
            foreach (string entry in Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories)) found.Add("file " + entry);
        }
        // The stores themselves stay once they are made.
        found.Remove("file /run/littlebox/containers");
        found.Remove("file /run/littlebox/places");
        found.Remove("file /var/lib/littlebox/roots");
        return found;
    }

    // The id of a mount changes when a namespace is copied; what is mounted where, and how, does not.
    private static string MountOf(string line)
    {
        string[] words = line.Split(' ');
        int dash = Array.IndexOf(words, "-");
        return $"{words[4]} from {words[dash + 2]} ({words[dash + 1]}, {words[2]}, root {words[3]}, {words[5]})";
    }

    // Only those that bear our name: other programs of the machine make cgroups whenever they like.
    private static IEnumerable<string> CGroups(string directory, int depth)
    {
        if (depth > 4) yield break;
        string[] inner;
        try
        {
            inner = Directory.GetDirectories(directory);
        }
        catch (IOException)
        {
            yield break; // it has gone meanwhile
        }
        foreach (string path in inner)
        {
            if (new FileInfo(path).LinkTarget is not null || OfAnotherTestRun(Path.GetFileName(path))) continue;
            if (Path.GetFileName(path).Contains("littlebox", StringComparison.Ordinal) || depth > 0 && directory.Contains("littlebox", StringComparison.Ordinal)) yield return path;
            foreach (string deeper in CGroups(path, depth + 1)) yield return deeper;
        }
    }

    // Tests of control groups name theirs littlebox-…-test-PID-NUMBER.
    private static bool OfAnotherTestRun(string name) =>
        name.StartsWith("littlebox-", StringComparison.Ordinal) && name.Contains("-test-", StringComparison.Ordinal) && !name.Contains($"-test-{Environment.ProcessId}-", StringComparison.Ordinal);
}
