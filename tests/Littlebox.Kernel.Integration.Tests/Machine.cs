using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Littlebox.Kernel.Integration.Tests;

/// <summary>
/// A virtual machine (<c>build/vm</c>) in which scripts run, one at a time, as root: <c>/bin/sh</c> is busybox, littlebox and littlebox-oci are in PATH. It ends
/// with this process, however that ends.
/// </summary>
public abstract class Machine : IDisposable
{
    private const int BootSeconds = 600;

    private readonly string log = Path.GetTempFileName();
    private readonly ManualResetEventSlim ended = new();
    private readonly Lock turn = new();
    private readonly StringBuilder words = new();
    private Process? process;
    private string? broken;

    /// <summary>Boots it, and prepares what the tests use.</summary>
    /// <param name="which">What <c>build/vm</c> calls it.</param>
    /// <param name="append">Words for the kernel's command line.</param>
    protected Machine(string which, string append = "")
    {
        if (Environment.UserName != "root") Missing = "the packages of the machine are fetched and unpacked as root";
        else if (!File.Exists("/usr/bin/qemu-system-x86_64")) Missing = "qemu is not installed: apt-get install qemu-system-x86";
        if (Missing is not null) return;
        try
        {
            Boot(which, append);
            Prepare();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Why there is no machine here; <c>null</c> where there is one.</summary>
    public string? Missing { get; }

    /// <summary>Runs a script.</summary>
    /// <param name="script">For the shell.</param>
    /// <param name="seconds">After these it is killed.</param>
    public Result Run(string script, int seconds = 120)
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        lock (turn)
        {
            if (broken is not null) Assert.Fail($"the machine is gone: {broken}");
            process!.StandardInput.Write(string.Create(CultureInfo.InvariantCulture, $"{seconds} {Convert.ToBase64String(Encoding.UTF8.GetBytes(script + "\n"))}\n"));
            process.StandardInput.Flush();
            string[] answer = ReadLine(seconds + 240, script).Split(' ');
            return new Result(script, int.Parse(answer[0], CultureInfo.InvariantCulture), Decode(answer[1]), Decode(answer[2]));
        }
    }

    /// <summary>Makes a bundle at <c>/b/NAME</c>, on the common root file system of busybox.</summary>
    public void Write(string name, Config config) =>
        Run($"mkdir -p /b/{name}; cat > /b/{name}/config.json <<'END'\n{config.Document.ToJsonString()}\nEND").ExpectSuccess();

    /// <summary>Makes a bundle of this name, and runs a script.</summary>
    public Result Run(string name, Config config, string script)
    {
        Write(name, config);
        return Run(script);
    }

    /// <summary>Makes a bundle and runs its container in the foreground.</summary>
    public Result RunContainer(string name, Config config, string options = "") => Run(name, config, $"littlebox-oci {options} run -b /b/{name} {name}");

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (process is { HasExited: false })
            {
                process.Kill();
                process.WaitForExit();
            }
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
        }
        ended.Set();
        File.Delete(log);
        GC.SuppressFinalize(this);
    }

    private void Boot(string which, string append)
    {
        var started = new TaskCompletionSource<Process>();
        // The machine gets SIGKILL when the thread that started it ends, so that it never outlives us; the thread is one of its own.
        new Thread(() =>
        {
            try
            {
                var info = new ProcessStartInfo(RepoRoot + "build/vm", ["boot", which])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    StandardInputEncoding = Encoding.ASCII,
                    StandardOutputEncoding = Encoding.ASCII,
                };
                info.Environment["VM_LOG"] = log;
                info.Environment["VM_APPEND"] = append;
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException)
            {
                started.SetException(exception);
            }
            ended.Wait();
        })
        { IsBackground = true, Name = "machine " + which }.Start();
        process = started.Task.GetAwaiter().GetResult();
        process.ErrorDataReceived += (_, line) => { lock (words) words.AppendLine(line.Data); };
        process.BeginErrorReadLine();
        Assert.Equal("ready", ReadLine(BootSeconds, "boot"));
    }

    private void Prepare() => Run("""
        set -e
        mkdir -p /rootfs/bin /rootfs/dev /rootfs/proc /rootfs/sys /rootfs/tmp /rootfs/etc /b
        cp /bin/busybox /rootfs/bin/busybox
        chmod 755 /rootfs /b
        for applet in $(busybox --list); do [ $applet = busybox ] || ln -s busybox /rootfs/bin/$applet; done
        """).ExpectSuccess();

    private string ReadLine(int seconds, string what)
    {
        Task<string?> line = process!.StandardOutput.ReadLineAsync();
        if (!line.Wait(TimeSpan.FromSeconds(seconds))) broken = $"no answer in {seconds} s to: {what}";
        else if (line.Result is null) broken = $"it ended during: {what}";
        else return line.Result;
        string console;
        lock (words) console = $"{words}\n{(File.Exists(log) ? File.ReadAllText(log) : "")}";
        Assert.Fail($"{broken}\n{console}");
        return "";
    }

    private static string Decode(string word) => Encoding.UTF8.GetString(Convert.FromBase64String(word[1..]));

    private static string RepoRoot { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepoRoot").Value!;
}
