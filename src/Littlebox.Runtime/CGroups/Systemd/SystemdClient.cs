using System.Globalization;
using Littlebox.Linux;
using Littlebox.Runtime.Bus;

namespace Littlebox.Runtime.CGroups;

/// <summary>A property of a unit.</summary>
/// <param name="Name">As org.freedesktop.systemd1(5) names it.</param>
/// <param name="Value">The value.</param>
/// <param name="Pointer">The field of config.json that it comes from; empty for the runtime's own.</param>
public sealed record UnitProperty(string Name, BusValue Value, string Pointer = "");

/// <summary>What is asked of a systemd (org.freedesktop.systemd1(5)). For one thread.</summary>
public sealed class SystemdClient : IDisposable
{
    private const string Service = "org.freedesktop.systemd1", Root = "/org/freedesktop/systemd1", Manager = Service + ".Manager";

    private readonly BusConnection connection;
    private int? version;

    /// <summary>Takes a connection over.</summary>
    /// <param name="connection">To a systemd, or to the bus that it is on.</param>
    /// <param name="isBus">It is the bus: which sends the ends of jobs only to who asks for them.</param>
    public SystemdClient(BusConnection connection, bool isBus)
    {
        this.connection = connection;
        if (isBus) connection.Match($"type='signal',sender='{Service}',path='{Root}',interface='{Manager}',member='JobRemoved'");
    }

    /// <summary>The version: 252. 0 where it does not say.</summary>
    public int Version
    {
        get
        {
            if (version is { } known) return known;
            // 252.39-1~deb12u2; with a v in front in some builds
            string text = Property("Version").TrimStart('v');
            int digits = 0;
            while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
            version = int.TryParse(text.AsSpan(0, digits), CultureInfo.InvariantCulture, out int number) ? number : 0;
            return version.Value;
        }
    }

    /// <summary>The cgroup below which all of its units are: empty for that of the machine, <c>/user.slice/user-1000.slice/user@1000.service</c> for a user's.</summary>
    public string ControlGroup => Property("ControlGroup").TrimEnd('/');

    /// <summary>Throws where a process number is not the same there as here.</summary>
    /// <exception cref="LittleboxException">It is another pid namespace's systemd: it would take another process.</exception>
    public void CheckPids()
    {
        if (!connection.KnowsPids)
            throw new LittleboxException(ErrorKind.NotSupported, $"--systemd-cgroup: the systemd behind {connection.Path} is outside of this pid namespace, where processes have other numbers: run the runtime in the host's (--pid=host)");
    }

    /// <summary>Makes a unit that lives as long as its processes do, and starts it.</summary>
    /// <exception cref="BusErrorException">It refuses: there is one of this name (<c>UnitExists</c>), or a property is not to its liking.</exception>
    /// <exception cref="LittleboxException">The start failed.</exception>
    public void Start(string unit, IReadOnlyList<UnitProperty> properties)
    {
        string result = Wait(Call("StartTransientUnit", "ssa(sv)a(sa(sv))", body =>
        {
            body.Text(unit);
            body.Text("replace");
            Write(body, properties);
            // Units that are to be made beside it: none.
            body.Array<int>(8, [], static (_, _) => { });
        }), $"the start of {unit}");
        if (result != "done")
            throw new LittleboxException(ErrorKind.SystemError, $"systemd has not started {unit}: {result} (journalctl says why)", $"JobRemoved({unit}, {Linux.Text.Strace.Quote(result)})");
    }

    /// <summary>Ends a unit, and waits until it has ended. One that is not there has.</summary>
    public void Stop(string unit)
    {
        try
        {
            Wait(Call("StopUnit", "ss", body =>
            {
                body.Text(unit);
                body.Text("replace");
            }), $"the end of {unit}");
        }
        catch (BusErrorException gone) when (gone.Name == Service + ".NoSuchUnit")
        {
        }
    }

    /// <summary>Has it forget that a unit has failed, so that it is unloaded. One that is not there is none.</summary>
    public void ResetFailed(string unit)
    {
        try
        {
            Call("ResetFailedUnit", "s", body => body.Text(unit));
        }
        catch (BusErrorException gone) when (gone.Name == Service + ".NoSuchUnit")
        {
        }
    }

    /// <summary>Changes properties of a unit, until the machine ends.</summary>
    /// <exception cref="BusErrorException">There is no such unit, or a property is not to its liking.</exception>
    public void Set(string unit, IReadOnlyList<UnitProperty> properties)
    {
        if (properties.Count == 0) return;
        Call("SetUnitProperties", "sba(sv)", body =>
        {
            body.Text(unit);
            body.UInt32(1);
            Write(body, properties);
        });
    }

    /// <summary>Moves a process into a unit's cgroup, or into one beneath.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="beneath">The path beneath its cgroup: <c>/</c>, <c>/inner</c>.</param>
    /// <param name="pid">The process.</param>
    public void Attach(string unit, string beneath, int pid) => Call("AttachProcessesToUnit", "ssau", body =>
    {
        body.Text(unit);
        body.Text(beneath);
        body.Array(4, [pid], static (to, one) => to.UInt32((uint)one));
    });

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private string Property(string name)
    {
        BusMessage answer = connection.Call(new BusCall(Service, Root, "org.freedesktop.DBus.Properties", "Get", "ss", body =>
        {
            body.Text(Manager);
            body.Text(name);
        }));
        return answer.Signature == "v" ? answer.Body.TextVariant() ?? "" : "";
    }

    private BusMessage Call(string member, string signature, Action<BusWriter> body) => connection.Call(new BusCall(Service, Root, Manager, member, signature, body));

    private string Wait(BusMessage started, string what)
    {
        string job = started.Signature == "o" ? started.Body.Text() : throw new LittleboxException(ErrorKind.SystemError, $"systemd has answered with “{started.Signature}” instead of a job ({what})");
        long deadline = Environment.TickCount64 + BusConnection.DefaultLimit;
        while (true)
        {
            BusMessage signal = connection.Signal(deadline, what);
            if (signal.Member != "JobRemoved" || signal.Interface != Manager || signal.Signature != "uoss") continue;
            BusReader body = signal.Body;
            body.UInt32();
            if (body.Text() != job) continue;
            body.Text();
            return body.Text();
        }
    }

    private static void Write(BusWriter body, IReadOnlyList<UnitProperty> properties) => body.Array(8, properties, static (to, property) =>
    {
        to.Text(property.Name);
        to.Variant(property.Value);
    });
}
