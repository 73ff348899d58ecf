using System.Text.Json.Nodes;

namespace Littlebox.Oci.Tests;

/// <summary>The table of bad configs, part by part, and the right one from which they are made.</summary>
public static class BadConfigs
{
    private const string Long = "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"";
    private const string Max = "4294967295";

    private static readonly string LongPath = $"\"/{new string('x', 4095)}\"";
    private static readonly string LongWord = $"\"A={new string('x', 131_072)}\"";

    /// <summary>A right one: <c>rootfs</c> needs nothing but <c>/bin/true</c>.</summary>
    public static JsonNode Right => JsonNode.Parse("""
        {
          "ociVersion": "1.2.0", "root": { "path": "rootfs" }, "hostname": "box",
          "process": { "user": { "uid": 0, "gid": 0 }, "cwd": "/", "args": ["/bin/true"], "env": ["PATH=/bin"],
            "capabilities": { "bounding": ["CAP_KILL"], "effective": ["CAP_KILL"], "permitted": ["CAP_KILL"] },
            "rlimits": [{ "type": "RLIMIT_NOFILE", "soft": 1000, "hard": 1024 }] },
          "mounts": [{ "destination": "/proc", "type": "proc", "source": "proc" }, { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"] }],
          "linux": { "namespaces": [{ "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }],
            "maskedPaths": ["/proc/kcore"], "readonlyPaths": ["/proc/sys"], "sysctl": { "kernel.shmmni": "2048" } }
        }
        """)!;

    /// <summary>All of them.</summary>
    public static IEnumerable<BadConfig> All => [.. Whole, .. Process, .. Scheduling, .. Namespaces, .. Mappings, .. Mounts, .. Devices, .. Paths, .. Limits, .. OtherLimits, .. Sysctls, .. Seccomp, .. Policies, .. Hooks];

    private static BadConfig[] Whole =>
    [
        new("/ociVersion", null, "found nothing"),
        new("/ociVersion", "null", "found nothing"),
        new("/ociVersion", "\"\"", "1.0.0 to 1.3"),
        new("/ociVersion", "\"1.2\"", "1.0.0 to 1.3"),
        new("/ociVersion", "\"0.9.0\"", "1.0.0 to 1.3"),
        new("/ociVersion", "\"1.4.0\"", "1.0.0 to 1.3"),
        new("/ociVersion", "\"2.0.0\"", "1.0.0 to 1.3"),
        new("/ociVersion", "\"1.02.0\"", "1.0.0 to 1.3"),
        new("/ociVersion", "\"1.0.0-\"", "1.0.0 to 1.3"),
        new("/ociVersion", "\"1.0.0 \"", "1.0.0 to 1.3"),
        new("/ociVersion", "1", "allowed: a string"),
        new("/root", null, "found nothing"),
        new("/root", "\"rootfs\"", "allowed: an object"),
        new("/root/path", null, "found nothing"),
        new("/root/path", "\"\"", "an empty string"),
        new("/root/path", LongPath, "at most 4095"),
        new("/root/path", "\"nowhere\"", "a directory"),
        new("/root/path", "\"config.json\"", "no directory"),
        new("/root/readonly", "1", "true or false"),
        new("/hostname", Long, "65 bytes"),
        new("/hostname", "7", "allowed: a string"),
        new("/hostname", "without a uts namespace", ("/linux/namespaces", """[{"type":"mount"}]"""), ("/linux/sysctl", null)),
        new("/domainname", Long, "at most 64"),
        new("/domainname", "without a uts namespace", ("/hostname", null), ("/domainname", "\"d\""), ("/linux/namespaces", """[{"type":"mount"}]"""), ("/linux/sysctl", null)),
        new("/annotations/", "\"x\"", "an empty name"),
        new("/annotations/a", "[]", "allowed: a string"),
        new("/annotations", "[]", "allowed: an object"),
        new("/linux", "[]", "allowed: an object"),
    ];

    private static BadConfig[] Process =>
    [
        new("/process", "[]", "allowed: an object"),
        new("/process/args", null, "an empty list"),
        new("/process/args", "[]", "an empty list"),
        new("/process/args", "[\"\"]", "an empty string") { Pointer = "/process/args/0" },
        new("/process/args/-", "null", "allowed: a string") { Pointer = "/process/args/1" },
        new("/process/args/-", LongWord, "at most 131071") { Pointer = "/process/args/1" },
        new("/process/env/-", "\"PATH\"", "NAME=VALUE") { Pointer = "/process/env/1" },
        new("/process/env/-", "\"=x\"", "NAME=VALUE") { Pointer = "/process/env/1" },
        new("/process/env/-", "\"\"", "NAME=VALUE") { Pointer = "/process/env/1" },
        new("/process/env/-", "\"A=\\u0000\"", "without NUL") { Pointer = "/process/env/1" },
        new("/process/env/-", LongWord, "at most 131071") { Pointer = "/process/env/1" },
        new("/process/cwd", null, "found nothing"),
        new("/process/cwd", "\"\"", "an absolute path"),
        new("/process/cwd", "\"tmp\"", "an absolute path"),
        new("/process/cwd", "\"../tmp\"", "an absolute path"),
        new("/process/cwd", LongPath, "at most 4095"),
        new("/process/user/uid", "-1", "found -1"),
        new("/process/user/uid", Max, "no user"),
        new("/process/user/uid", "\"root\"", "found \"root\""),
        new("/process/user/gid", Max, "no group"),
        new("/process/user/gid", "4294967296", "found 4294967296"),
        new("/process/user/umask", "512", "octal 777"),
        new("/process/user/additionalGids", "[5,4294967295]", "no group") { Pointer = "/process/user/additionalGids/1" },
        new("/process/capabilities/effective/-", "\"CAP_CHOWN\"", "not permitted") { Pointer = "/process/capabilities/effective/1" },
        new("/process/capabilities/bounding", "\"CAP_KILL\"", "allowed: a list"),
        new("/process/rlimits/-", """{"type":"RLIMIT_NOFILE","soft":1,"hard":1}""", "a second time") { Pointer = "/process/rlimits/1/type" },
        new("/process/rlimits/0/soft", "1025", "at most the hard limit, 1024"),
        new("/process/rlimits/0/type", "\"NOFILE\"", "RLIMIT_NOFILE"),
        new("/process/rlimits/0/hard", "-1", "found -1"),
        new("/process/oomScoreAdj", "1001", "-1000 to 1000"),
        new("/process/oomScoreAdj", "-1001", "-1000 to 1000"),
        new("/process/consoleSize/height", "0 to 65535", ("/process/terminal", "true"), ("/process/consoleSize", """{"height":65536,"width":1}""")),
        new("/process/consoleSize/width", "0 to 65535", ("/process/terminal", "true"), ("/process/consoleSize", """{"height":1,"width":65536}""")),
        new("/process/terminal", "true", "--console-socket"),
    ];

    private static BadConfig[] Scheduling =>
    [
        new("/process/scheduler/policy", "\"SCHED_ISO\"", "no kernel has"),
        new("/process/scheduler", """{"policy":"SCHED_OTHER","nice":20}""", "-20 to 19") { Pointer = "/process/scheduler/nice" },
        new("/process/scheduler", """{"policy":"SCHED_FIFO","priority":0}""", "1 to 99") { Pointer = "/process/scheduler/priority" },
        new("/process/scheduler", """{"policy":"SCHED_RR","priority":100}""", "1 to 99") { Pointer = "/process/scheduler/priority" },
        new("/process/scheduler", """{"policy":"SCHED_BATCH","priority":1}""", "only SCHED_FIFO") { Pointer = "/process/scheduler/priority" },
        new("/process/scheduler", """{"policy":"SCHED_IDLE","runtime":5000}""", "only SCHED_DEADLINE") { Pointer = "/process/scheduler/runtime" },
        new("/process/scheduler", """{"policy":"SCHED_IDLE","deadline":5000}""", "only SCHED_DEADLINE") { Pointer = "/process/scheduler/deadline" },
        new("/process/scheduler", """{"policy":"SCHED_IDLE","period":5000}""", "only SCHED_DEADLINE") { Pointer = "/process/scheduler/period" },
        new("/process/scheduler", """{"policy":"SCHED_DEADLINE","runtime":1,"deadline":5000}""", "at least 1024") { Pointer = "/process/scheduler/runtime" },
        new("/process/scheduler", """{"policy":"SCHED_DEADLINE","runtime":5000,"deadline":4000}""", "at least the runtime") { Pointer = "/process/scheduler/deadline" },
        new("/process/scheduler", """{"policy":"SCHED_DEADLINE","runtime":5000,"deadline":6000,"period":5500}""", "at least the deadline") { Pointer = "/process/scheduler/period" },
        new("/process/scheduler", "{}", "found nothing") { Pointer = "/process/scheduler/policy" },
        new("/process/ioPriority", """{"class":"IOPRIO_CLASS_BE","priority":8}""", "0 to 7") { Pointer = "/process/ioPriority/priority" },
        new("/process/execCPUAffinity/initial", "\"3-1\"", "a list of processors"),
        new("/process/execCPUAffinity/final", "\"one\"", "a list of processors"),
    ];

    private static BadConfig[] Namespaces =>
    [
        new("/linux/namespaces", """[{"type":"user"}]""", "no mount namespace") { Changes = [("/linux/namespaces", """[{"type":"user"}]"""), ("/hostname", null)] },
        new("/linux", null, "a namespace of type uts") { Pointer = "/hostname" },
        new("/linux/namespaces/-", """{"type":"pid"}""", "a second time") { Pointer = "/linux/namespaces/5/type" },
        new("/linux/namespaces/0/path", "\"proc/1/ns/pid\"", "an absolute path"),
        new("/linux/namespaces/0/path", "\"/nowhere\"", "/nowhere") { Pointer = "/linux/namespaces" },
        new("/linux/namespaces/0/path", "\"/proc/self/ns/net\"", "not a namespace of type pid"),
        new("/linux/namespaces/0/path", "\"/etc/passwd\"", "not a namespace of type pid"),
        new("/linux/namespaces/0/type", "\"process\"", "one of pid, network"),
        new("/linux/namespaces/-", "{}", "found nothing") { Pointer = "/linux/namespaces/5/type" },
        new("/linux/timeOffsets", """{"boottime":{"secs":1}}""", "without a new time namespace"),
        new("/linux/timeOffsets/realtime", "a clock that has no offset", ("/linux/namespaces/-", """{"type":"time"}"""), ("/linux/timeOffsets", """{"realtime":{"secs":1}}""")),
        new("/linux/timeOffsets/boottime/nanosecs", "0 to 999999999", ("/linux/namespaces/-", """{"type":"time"}"""), ("/linux/timeOffsets", """{"boottime":{"nanosecs":1000000000}}""")),
        new("/linux/timeOffsets/monotonic/secs", "4611686018", ("/linux/namespaces/-", """{"type":"time"}"""), ("/linux/timeOffsets", """{"monotonic":{"secs":9223372036}}""")),
    ];

    private static BadConfig[] Mappings =>
    [
        new("/linux/uidMappings", """[{"containerID":0,"hostID":1000,"size":1}]""", "without a user namespace"),
        new("/linux/gidMappings", """[{"containerID":0,"hostID":1000,"size":1}]""", "without a user namespace"),
        Mapped("/linux/uidMappings", "found nothing", "[]", null),
        Mapped("/linux/gidMappings", "found nothing", null, "[]"),
        Mapped("/linux/uidMappings", "no mapping of containerID 0", """[{"containerID":1,"hostID":1000,"size":9}]""", null),
        Mapped("/linux/uidMappings/0/size", "at least 1", """[{"containerID":0,"hostID":1000,"size":0}]""", null),
        Mapped("/linux/uidMappings/0/containerID", "ids up to", """[{"containerID":4294967295,"hostID":1000,"size":1}]""", null),
        Mapped("/linux/uidMappings/0/hostID", "ids up to", """[{"containerID":0,"hostID":4294967000,"size":1000}]""", null),
        Mapped("/linux/uidMappings/1/containerID", "each id of the container once", """[{"containerID":0,"hostID":1000,"size":10},{"containerID":9,"hostID":5000,"size":1}]""", null),
        Mapped("/linux/uidMappings/1/hostID", "each id of the host once", """[{"containerID":0,"hostID":1000,"size":10},{"containerID":10,"hostID":1009,"size":1}]""", null),
        Mapped("/linux/gidMappings/0/size", "found nothing", null, """[{"containerID":0,"hostID":1000}]"""),
        Mapped("/linux/uidMappings", "at most 340", "[" + string.Join(",", Enumerable.Range(0, 341).Select(static i => $$"""{"containerID":{{i}},"hostID":{{i}},"size":1}""")) + "]", null),
        Mapped("/process/user/uid", "not mapped", null, null, ("/process/user/uid", "10")),
        Mapped("/process/user/gid", "not mapped", null, null, ("/process/user/gid", "10")),
        Mapped("/process/user/additionalGids/0", "not mapped", null, null, ("/process/user/additionalGids", "[10]")),
    ];

    private static BadConfig[] Mounts =>
    [
        new("/mounts", "{}", "allowed: a list"),
        new("/mounts/-", "{}", "found nothing") { Pointer = "/mounts/2/destination" },
        new("/mounts/-", """{"destination":"","type":"tmpfs"}""", "an empty string") { Pointer = "/mounts/2/destination" },
        new("/mounts/0/destination", LongPath, "at most 4095"),
        new("/mounts/-", """{"destination":"/x"}""", "bind or rbind") { Pointer = "/mounts/2/type" },
        new("/mounts/-", """{"destination":"/x","type":"bind"}""", "found nothing") { Pointer = "/mounts/2/source" },
        new("/mounts/-", """{"destination":"/x","type":"none","options":["rbind"]}""", "found nothing") { Pointer = "/mounts/2/source" },
        new("/mounts/-", """{"destination":"/x","type":"bind","source":"/nowhere/at/all"}""", "/nowhere/at/all") { Pointer = "/mounts/2/source" },
        new("/mounts/-", """{"destination":"/x","type":"nosuchfs"}""", "nosuchfs") { Pointer = "/mounts/2" },
        new("/mounts/-", """{"destination":"/x","type":"tmpfs","options":["size=many"]}""", "size=many") { Pointer = "/mounts/2" },
        new("/mounts/-", """{"destination":"/x","type":"tmpfs","options":["=1"]}""", "NAME=VALUE") { Pointer = "/mounts/2/options/0" },
        new("/mounts/-", """{"destination":"/x","type":"tmpfs","options":"ro"}""", "allowed: a list") { Pointer = "/mounts/2/options" },
        new("/mounts/-", """{"destination":"/x","type":"proc","options":["ro","tmpcopyup"]}""", "type tmpfs") { Pointer = "/mounts/2/options/1" },
        new("/mounts/-", """{"destination":"/x","type":"bind","source":"/srv","options":["tmpcopyup"]}""", "type tmpfs") { Pointer = "/mounts/2/options/0" },
        new("/mounts/-", """{"destination":"/x","type":"bind","source":"/srv","options":["idmap"]}""", "without mappings") { Pointer = "/mounts/2/options/0" },
        new("/mounts/-", """{"destination":"/x","type":"bind","source":"/srv","options":["ridmap"],"uidMappings":[{"containerID":0,"hostID":1,"size":1}]}""", "a mount maps both") { Pointer = "/mounts/2/gidMappings" },
        new("/mounts/-", """{"destination":"/x","type":"bind","source":"/srv","options":["idmap"],"uidMappings":[{"containerID":0,"hostID":1,"size":0}]}""", "at least 1") { Pointer = "/mounts/2/uidMappings/0/size" },
    ];

    private static BadConfig[] Devices =>
    [
        Device("/linux/devices/0/path", "an absolute path", """{"path":"dev/x","type":"c","major":1,"minor":3}"""),
        Device("/linux/devices/0/path", "ends with a name", """{"path":"/dev/","type":"c","major":1,"minor":3}"""),
        Device("/linux/devices/0/path", "ends with a name", """{"path":"/dev/..","type":"c","major":1,"minor":3}"""),
        Device("/linux/devices/0/type", "one of c, b, p, u", """{"path":"/dev/x","type":"d","major":1,"minor":3}"""),
        Device("/linux/devices/0/type", "found nothing", """{"path":"/dev/x","major":1,"minor":3}"""),
        Device("/linux/devices/0/major", "found nothing", """{"path":"/dev/x","type":"c","minor":3}"""),
        Device("/linux/devices/0/minor", "found nothing", """{"path":"/dev/x","type":"b","major":3}"""),
        Device("/linux/devices/0/major", "0 to 4095", """{"path":"/dev/x","type":"c","major":-1,"minor":3}"""),
        Device("/linux/devices/0/major", "0 to 4095", """{"path":"/dev/x","type":"c","major":4096,"minor":3}"""),
        Device("/linux/devices/0/minor", "0 to 1048575", """{"path":"/dev/x","type":"c","major":1,"minor":1048576}"""),
        Device("/linux/devices/0/fileMode", "octal 7777", """{"path":"/dev/x","type":"c","major":1,"minor":3,"fileMode":65536}"""),
        Device("/linux/devices/0/uid", "no user", """{"path":"/dev/x","type":"c","major":1,"minor":3,"uid":4294967295}"""),
        Device("/linux/devices/0/gid", "no group", """{"path":"/dev/x","type":"c","major":1,"minor":3,"gid":4294967295}"""),
        Device("/linux/devices/1/path", "each path once", """{"path":"/dev/x","type":"c","major":1,"minor":3},{"path":"/dev/x","type":"c","major":1,"minor":5}"""),
        new("/linux/netDevices", "without a network namespace", ("/linux/namespaces", """[{"type":"mount"},{"type":"uts"},{"type":"ipc"}]"""), ("/linux/netDevices", """{"eth0":{}}""")),
        new("/linux/netDevices/eth0:1", "{}", "what can be no device"),
        new("/linux/netDevices/..", "{}", "what can be no device"),
        new("/linux/netDevices/sixteencharacter", "{}", "what can be no device"),
        new("/linux/netDevices/eth0/name", "\"a b\"", "found \"a b\""),
        new("/linux/netDevices/eth1", "a second time", ("/linux/netDevices", """{"eth0":{"name":"in"},"eth1":{"name":"in"}}""")),
    ];

    private static BadConfig[] Paths =>
    [
        new("/linux/maskedPaths/-", "\"proc/keys\"", "an absolute path") { Pointer = "/linux/maskedPaths/1" },
        new("/linux/maskedPaths/-", "\"\"", "an absolute path") { Pointer = "/linux/maskedPaths/1" },
        new("/linux/readonlyPaths/-", "\"proc/bus\"", "an absolute path") { Pointer = "/linux/readonlyPaths/1" },
        new("/linux/readonlyPaths/0", LongPath, "at most 4095"),
        new("/linux/cgroupsPath", "\"/a\\nb\"", "without a new line"),
        new("/linux/cgroupsPath", LongPath, "at most 4095"),
        new("/linux/rootfsPropagation", "\"slaves\"", "one of shared"),
    ];

    private static BadConfig[] Limits =>
    [
        new("/linux/resources/devices/-", """{"access":"rwm"}""", "found nothing") { Pointer = "/linux/resources/devices/0/allow" },
        new("/linux/resources/devices/-", """{"allow":false,"access":"rwx"}""", "letters of rwm") { Pointer = "/linux/resources/devices/0/access" },
        new("/linux/resources/devices/-", """{"allow":true,"type":"c","major":-2,"access":"r"}""", "-1 for every one") { Pointer = "/linux/resources/devices/0/major" },
        new("/linux/resources/devices/-", """{"allow":true,"type":"c","major":1,"minor":4294967296,"access":"r"}""", "-1 for every one") { Pointer = "/linux/resources/devices/0/minor" },
        new("/linux/resources/devices/-", """{"allow":true,"type":"p"}""", "one of a, c, b") { Pointer = "/linux/resources/devices/0/type" },
        new("/linux/resources/memory/limit", "-2", "-1 for no limit"),
        new("/linux/resources/memory/limit", "\"1g\"", "a whole number"),
        new("/linux/resources/memory/limit", "1.5", "found 1.5"),
        new("/linux/resources/memory/limit", "9223372036854775808", "found 9223372036854775808"),
        new("/linux/resources/memory/reservation", "-2", "-1 for no limit"),
        new("/linux/resources/memory/swap", "-2", "-1 for no limit"),
        new("/linux/resources/memory/kernel", "-2", "-1 for no limit"),
        new("/linux/resources/memory/kernelTCP", "-2", "-1 for no limit"),
        new("/linux/resources/memory/swap", "memory and swap together", ("/linux/resources/memory", """{"limit":2000000,"swap":1000000}""")),
        new("/linux/resources/memory/swappiness", "101", "0 to 100"),
        new("/linux/resources/memory/disableOOMKiller", "0", "true or false"),
        new("/linux/resources/cpu/shares", "1", "2 to 262144"),
        new("/linux/resources/cpu/shares", "262145", "2 to 262144"),
        new("/linux/resources/cpu/period", "999", "1000 to 1000000"),
        new("/linux/resources/cpu/period", "1000001", "1000 to 1000000"),
        new("/linux/resources/cpu/quota", "999", "at least 1000"),
        new("/linux/resources/cpu/burst", "at most the quota", ("/linux/resources/cpu", """{"quota":5000,"burst":5001}""")),
        new("/linux/resources/cpu/realtimeRuntime", "at most the period", ("/linux/resources/cpu", """{"realtimeRuntime":5000,"realtimePeriod":4000}""")),
        new("/linux/resources/cpu/idle", "2", "0 or 1"),
        new("/linux/resources/cpu/cpus", "\"0-\"", "a list of processors"),
        new("/linux/resources/cpu/cpus", "\"0;1\"", "a list of processors"),
        new("/linux/resources/cpu/mems", "\"a\"", "a list of memory nodes"),
        new("/linux/resources/pids/limit", "-2", "-1 for no limit"),
    ];

    private static BadConfig[] OtherLimits =>
    [
        new("/linux/resources/blockIO/weight", "9", "10 to 1000"),
        new("/linux/resources/blockIO/leafWeight", "1001", "10 to 1000"),
        new("/linux/resources/blockIO/weightDevice/-", """{"major":8,"minor":0}""", "weight or leafWeight") { Pointer = "/linux/resources/blockIO/weightDevice/0" },
        new("/linux/resources/blockIO/weightDevice/-", """{"major":8,"minor":0,"weight":1}""", "10 to 1000") { Pointer = "/linux/resources/blockIO/weightDevice/0/weight" },
        new("/linux/resources/blockIO/weightDevice/-", """{"minor":0,"weight":100}""", "found nothing") { Pointer = "/linux/resources/blockIO/weightDevice/0/major" },
        new("/linux/resources/blockIO/throttleReadBpsDevice/-", """{"major":-1,"minor":0,"rate":1}""", "a device number") { Pointer = "/linux/resources/blockIO/throttleReadBpsDevice/0/major" },
        new("/linux/resources/blockIO/throttleWriteIOPSDevice/-", """{"major":1,"minor":4294967296,"rate":1}""", "a device number") { Pointer = "/linux/resources/blockIO/throttleWriteIOPSDevice/0/minor" },
        new("/linux/resources/blockIO/throttleWriteBpsDevice/-", """{"major":1,"minor":1}""", "found nothing") { Pointer = "/linux/resources/blockIO/throttleWriteBpsDevice/0/rate" },
        new("/linux/resources/hugepageLimits/-", """{"pageSize":"2M","limit":1}""", "2MB") { Pointer = "/linux/resources/hugepageLimits/0/pageSize" },
        new("/linux/resources/hugepageLimits/1/pageSize", "a second time", ("/linux/resources/hugepageLimits", """[{"pageSize":"2MB","limit":1},{"pageSize":"2MB","limit":1}]""")),
        new("/linux/resources/network/priorities/-", """{"name":"a b","priority":1}""", "the name of a network device") { Pointer = "/linux/resources/network/priorities/0/name" },
        new("/linux/resources/rdma/mlx5_0", "{}", "hcaHandles or hcaObjects"),
        new("/linux/resources/unified/memory", "\"1\"", "CONTROLLER.PARAMETER"),
        new("/linux/resources/unified/..~1memory.max", "\"1\"", "CONTROLLER.PARAMETER"),
        new("/linux/resources/unified/memory.high", "\"\"", "what to write"),
        new("/linux/resources/unified/memory.high", "7", "allowed: a string"),
    ];

    private static BadConfig[] Sysctls =>
    [
        new("/linux/sysctl/kernel.core_pattern", "\"|/bin/sh\"", "no namespace has for itself"),
        new("/linux/sysctl/kernel.hostname", "\"x\"", "a field of its own"),
        new("/linux/sysctl/vm.swappiness", "\"1\"", "no namespace has for itself"),
        new("/linux/sysctl/net.core.somaxconn", "no namespace of type network", ("/linux/namespaces", """[{"type":"mount"},{"type":"uts"},{"type":"ipc"}]"""), ("/linux/sysctl", """{"net.core.somaxconn":"1"}""")),
        new("/linux/sysctl/kernel.shmmni", "no namespace of type ipc", ("/linux/namespaces", """[{"type":"mount"},{"type":"uts"}]""")),
        new("/linux/sysctl/net.core.somaxconn", "own namespace", ("/linux/namespaces/1", """{"type":"user"}"""), ("/linux/uidMappings", Root), ("/linux/gidMappings", Root), ("/linux/namespaces/-", """{"type":"network","path":"/proc/self/ns/net"}"""), ("/linux/sysctl", """{"net.core.somaxconn":"1"}""")),
        new("/linux/sysctl/net..~1kernel.core_pattern", "\"x\"", "beneath /proc/sys"),
        new("/linux/sysctl/", "\"x\"", "beneath /proc/sys"),
        new("/linux/sysctl/kernel.shmmni", "\"1\\nkernel.core_pattern=x\"", "one line"),
        new("/linux/sysctl/kernel.shmmni", "1", "allowed: a string"),
    ];

    private static BadConfig[] Seccomp =>
    [
        new("/linux/seccomp", "{}", "found nothing") { Pointer = "/linux/seccomp/defaultAction" },
        new("/linux/seccomp/defaultAction", "\"SCMP_ACT_NOTIFY\"", "another action"),
        new("/linux/seccomp/defaultAction", "\"DENY\"", "SCMP_ACT_ERRNO"),
        new("/linux/seccomp", """{"defaultAction":"SCMP_ACT_ALLOW","defaultErrnoRet":1}""", "SCMP_ACT_TRACE only") { Pointer = "/linux/seccomp/defaultErrnoRet" },
        new("/linux/seccomp", """{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":4096}""", "0 to 4095") { Pointer = "/linux/seccomp/defaultErrnoRet" },
        new("/linux/seccomp", """{"defaultAction":"SCMP_ACT_ALLOW","architectures":["x86"]}""", "SCMP_ARCH_X86") { Pointer = "/linux/seccomp/architectures/0" },
        new("/linux/seccomp", """{"defaultAction":"SCMP_ACT_ALLOW","flags":["LOG"]}""", "SECCOMP_FILTER_FLAG_LOG") { Pointer = "/linux/seccomp/flags/0" },
        new("/linux/seccomp", """{"defaultAction":"SCMP_ACT_ALLOW","listenerMetadata":"x"}""", "without listenerPath") { Pointer = "/linux/seccomp/listenerMetadata" },
        Rule("/names", "an empty list", """{"names":[],"action":"SCMP_ACT_ERRNO"}"""),
        Rule("/names/0", "an empty string", """{"names":[""],"action":"SCMP_ACT_ERRNO"}"""),
        Rule("/action", "found nothing", """{"names":["mkdir"]}"""),
        Rule("/errnoRet", "SCMP_ACT_TRACE only", """{"names":["mkdir"],"action":"SCMP_ACT_KILL","errnoRet":1}"""),
        Rule("/errnoRet", "0 to 65535", """{"names":["mkdir"],"action":"SCMP_ACT_TRACE","errnoRet":65536}"""),
        Rule("/args/0/index", "0 to 5", """{"names":["mkdir"],"action":"SCMP_ACT_ERRNO","args":[{"index":6,"value":1,"op":"SCMP_CMP_EQ"}]}"""),
        Rule("/args/0/op", "SCMP_CMP_EQ", """{"names":["mkdir"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":1,"op":"=="}]}"""),
        Rule("/args/0/value", "found -1", """{"names":["mkdir"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":-1,"op":"SCMP_CMP_EQ"}]}"""),
        Rule("/names/0", "write with SCMP_ACT_NOTIFY", """{"names":["write"],"action":"SCMP_ACT_NOTIFY"}"""),
        new("/linux/seccomp/listenerPath", "found nothing", ("/linux/seccomp", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_NOTIFY"}]}""")),
    ];

    private static BadConfig[] Policies =>
    [
        new("/linux/intelRdt/closID", "\"a/b\"", "without slashes"),
        new("/linux/intelRdt/closID", "\"..\"", "without slashes"),
        new("/linux/intelRdt/schemata/-", "\"a\\nb\"", "one line") { Pointer = "/linux/intelRdt/schemata/0" },
        new("/linux/intelRdt/memBwSchema", "\"L3:0=f\"", "begins with MB:"),
        new("/linux/memoryPolicy", "{}", "found nothing") { Pointer = "/linux/memoryPolicy/mode" },
        new("/linux/memoryPolicy", """{"mode":"MPOL_BIND"}""", "found nothing") { Pointer = "/linux/memoryPolicy/nodes" },
        new("/linux/memoryPolicy", """{"mode":"MPOL_BIND","nodes":"x"}""", "a list of memory nodes") { Pointer = "/linux/memoryPolicy/nodes" },
        new("/linux/memoryPolicy", """{"mode":"MPOL_LOCAL","nodes":"0"}""", "the mode has no nodes") { Pointer = "/linux/memoryPolicy/nodes" },
        new("/linux/memoryPolicy", """{"mode":"MPOL_DEFAULT","flags":["MPOL_F_STATIC_NODES"]}""", "the mode has no nodes") { Pointer = "/linux/memoryPolicy/flags" },
        new("/linux/memoryPolicy", """{"mode":"MPOL_BIND","nodes":"0","flags":["MPOL_F_STATIC_NODES","MPOL_F_RELATIVE_NODES"]}""", "one of them") { Pointer = "/linux/memoryPolicy/flags" },
        new("/linux/memoryPolicy", """{"mode":"MPOL_INTERLEAVE","nodes":"0","flags":["MPOL_F_NUMA_BALANCING"]}""", "MPOL_BIND or") { Pointer = "/linux/memoryPolicy/flags" },
        new("/linux/personality/domain", "\"BSD\"", "one of LINUX, LINUX32"),
        new("/linux/personality", """{"domain":"LINUX","flags":["X"]}""", "an empty list") { Pointer = "/linux/personality/flags/0" },
    ];

    private static BadConfig[] Hooks =>
    [
        new("/hooks/prestart/-", "{}", "found nothing") { Pointer = "/hooks/prestart/0/path" },
        new("/hooks/createRuntime/-", """{"path":"bin/true"}""", "an absolute path") { Pointer = "/hooks/createRuntime/0/path" },
        new("/hooks/createContainer/-", """{"path":""}""", "an absolute path") { Pointer = "/hooks/createContainer/0/path" },
        new("/hooks/startContainer/-", """{"path":"/bin/true","timeout":0}""", "more than 0") { Pointer = "/hooks/startContainer/0/timeout" },
        new("/hooks/poststart/-", """{"path":"/bin/true","timeout":-1}""", "more than 0") { Pointer = "/hooks/poststart/0/timeout" },
        new("/hooks/poststop/-", """{"path":"/bin/true","env":["A"]}""", "NAME=VALUE") { Pointer = "/hooks/poststop/0/env/0" },
        new("/hooks/poststop", "{}", "allowed: a list"),
    ];

    private const string Root = """[{"containerID":0,"hostID":0,"size":1}]""";

    private static BadConfig Mapped(string pointer, string words, string? uids, string? gids, params (string, string?)[] more) =>
        new(pointer, words, [("/linux/namespaces/-", """{"type":"user"}"""), ("/linux/uidMappings", uids ?? Root), ("/linux/gidMappings", gids ?? Root), .. more]);

    private static BadConfig Device(string pointer, string words, string devices) => new(pointer, words, ("/linux/devices", $"[{devices}]"));

    private static BadConfig Rule(string field, string words, string rule) =>
        new("/linux/seccomp/syscalls/0" + field, words, ("/linux/seccomp", $$"""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{{rule}}]}"""));
}
