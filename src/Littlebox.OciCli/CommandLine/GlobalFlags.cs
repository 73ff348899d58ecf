namespace Littlebox.OciCli.CommandLine;

/// <summary>The flags before the verb.</summary>
internal static class GlobalFlags
{
    /// <summary>Every verb has it too.</summary>
    public static readonly Flag Help = new("help", "show help", 'h');

    /// <summary>All of them, in the order of the help.</summary>
    public static readonly Flag[] All =
    [
        new("debug", "enable debug logging"),
        new("log", "set the log file to write logs to (default is '/dev/stderr')", HasValue: true),
        new("log-format", "set the log format ('text' (default), or 'json')", HasValue: true, Default: "\"text\""),
        new("root", "root directory for storage of container state (this should be located in tmpfs)", HasValue: true, Default: "\"/run/littlebox-oci\""),
        new("systemd-cgroup", "enable systemd cgroup support, expects cgroupsPath to be of form \"slice:prefix:name\" for e.g. \"system.slice:littlebox:434234\""),
        new("rootless", "ignore cgroup permission errors ('true', 'false', or 'auto')", HasValue: true, Default: "\"auto\""),
        new("trace", "write how long each step of 'create' or 'run' took, up to the program's start, to a file: a table, or for a name that ends in .json the Trace Event Format", HasValue: true),
        Help,
        new("version", "print the version", 'v'),
    ];
}
