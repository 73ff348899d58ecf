using System.Diagnostics;
using Littlebox.Engine;
using Littlebox.Engine.Options;
using Littlebox.Images;
using Littlebox.Runtime.Request;
using Littlebox.Runtime.State;
using Littlebox.Stress;

// Starts containers one after the other in this process, the way `littlebox run` does, while other threads allocate and collect.
// usage: Littlebox.Stress STARTS ROOT DIRECTORY      (as root; ROOT has /bin/true; DIRECTORY is for state)
// exit code: 0 all well; 1 something failed or was left; 2 void, too few collections; 3 a start hung
if (args.Length != 3 || !int.TryParse(args[0], out int starts))
{
    Console.Error.WriteLine("usage: Littlebox.Stress STARTS ROOT DIRECTORY");
    return 1;
}

var store = new StateStore(args[2]);
var resolver = new RequestResolver(store, new RootResolver(new RootStore(args[2] + "/data")));

// Once beforehand: what the runtime opens for itself the first time is no leak.
Start(0);
SortedSet<string> before = Leftovers.All();
var watch = Stopwatch.StartNew();
int failed = 0, collectionsBefore = Rubbish.Collections;
using (var rubbish = new Rubbish(allocating: 2))
using (var watchdog = new Watchdog(TimeSpan.FromSeconds(60)))
{
    for (int i = 1; i <= starts && failed < 10; i++)
    {
        watchdog.Begin(i);
        try
        {
            int code = Start(i);
            if (code == 0) continue;
            Console.Error.WriteLine($"start {i}: exit code {code}");
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine($"start {i}: {failure}");
        }
        failed++;
    }
}
int collections = Rubbish.Collections - collectionsBefore;

SortedSet<string> after = Leftovers.All();
foreach (string line in after.Except(before)) Console.Error.WriteLine($"left behind: {line}");
foreach (string line in before.Except(after)) Console.Error.WriteLine($"gone: {line}");
bool left = !after.SetEquals(before);

Console.WriteLine($"{starts} starts, {failed} failed, {collections} collections, {watch.Elapsed.TotalSeconds:0.0} s");
if (failed > 0 || left) return 1;
if (collections >= Math.Min(starts, 500)) return 0;
Console.Error.WriteLine("void: the collector hardly ran");
return 2;

int Start(int number)
{
    ContainerRequest request = resolver.Resolve(new RunOptions { Root = args[1], Command = ["/bin/true"], Name = $"stress-{number}" });
    return ContainerRunner.Run(request, store, pidFile: null, new RunMode());
}
