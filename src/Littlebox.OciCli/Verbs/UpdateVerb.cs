using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.OciCli.CommandLine;
using Littlebox.Runtime.Oci.Life;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>update</c></summary>
internal sealed class UpdateVerb : Verb
{
    private const int LargestDocument = 16 << 20;

    /// <inheritdoc/>
    public override string Name => "update";

    /// <inheritdoc/>
    public override string Summary => "update container resource constraints";

    /// <inheritdoc/>
    public override string Words => "<container-id>";

    /// <inheritdoc/>
    public override string Description => "   The document of --resources is linux.resources of config.json; what it does not name stays as it is.\n   Where it is given, the other flags do not count.";

    /// <inheritdoc/>
    public override Flag[] Flags =>
    [
        new("resources", "path to the file containing the resources to update or '-' to read from the standard input", 'r', HasValue: true),
        new("blkio-weight", "Specifies per cgroup weight, range is from 10 to 1000", HasValue: true, Default: "0"),
        new("cpu-period", "CPU CFS period to be used for hardcapping (in usecs). 0 to use system default", HasValue: true),
        new("cpu-quota", "CPU CFS hardcap limit (in usecs). Allowed cpu time in a given period", HasValue: true),
        new("cpu-burst", "CPU CFS hardcap burst limit (in usecs). Allowed accumulated cpu time additional for burst a given period", HasValue: true),
        new("cpu-share", "CPU shares (relative weight vs. other containers)", HasValue: true),
        new("cpu-rt-period", "CPU realtime period to be used for hardcapping (in usecs). 0 to use system default", HasValue: true),
        new("cpu-rt-runtime", "CPU realtime hardcap limit (in usecs). Allowed cpu time in a given period", HasValue: true),
        new("cpuset-cpus", "CPU(s) to use", HasValue: true),
        new("cpuset-mems", "Memory node(s) to use", HasValue: true),
        new("kernel-memory", "(obsoleted; do not use)", HasValue: true),
        new("kernel-memory-tcp", "(obsoleted; do not use)", HasValue: true),
        new("memory", "Memory limit (in bytes)", HasValue: true),
        new("memory-reservation", "Memory reservation or soft_limit (in bytes)", HasValue: true),
        new("memory-swap", "Total memory usage (memory + swap); set '-1' to enable unlimited swap", HasValue: true),
        new("pids-limit", "Maximum number of pids allowed in the container", HasValue: true, Default: "0"),
        new("l3-cache-schema", "The string of Intel RDT/CAT L3 cache schema", HasValue: true),
        new("mem-bw-schema", "The string of Intel RDT/MBA memory bandwidth schema", HasValue: true),
        new("cpu-idle", "set cgroup SCHED_IDLE or not, 0: default behavior, 1: SCHED_IDLE", HasValue: true),
    ];

    /// <inheritdoc/>
    public override int Run(Invocation invocation)
    {
        LinuxResources resources = invocation.Line.Value("resources") is { Length: > 0 } file ? Read(file) : UpdateFlags.Read(invocation.Line);
        if (resources.Memory is { Kernel: not (null or 0) })
            invocation.Log.Warning("Kernel memory settings are ignored and will be removed");
        OciUpdate.Update(invocation.Store, invocation.Id, resources);
        return 0;
    }

    private static LinuxResources Read(string file)
    {
        using Descriptor? opened = file == "-" ? null : Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, file, OpenFlags.ReadOnly);
        byte[] document = SmallFile.Read(opened?.Number ?? 0, LargestDocument) ?? throw new LittleboxException(ErrorKind.InvalidArgument, $"{file} is larger than {LargestDocument >> 20} MiB");
        return ResourcesReader.Read(document, file == "-" ? "standard input" : file);
    }
}
