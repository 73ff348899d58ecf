using System.Text.Json.Nodes;

namespace Littlebox.Oci.Tests;

/// <summary>Documents that are right, of which a plan can be made, and which together have every part: to be damaged.</summary>
internal static class WholeConfigs
{
    /// <summary>All of them. The root is <c>rootfs</c>; what is bound lies in the bundle, too.</summary>
    /// <param name="cgroup">Absolute path of the container's cgroup.</param>
    public static IReadOnlyList<string> All(string cgroup) => [.. new[] { BadConfigs.Right.ToJsonString(), Engine, UserNamespace, Limits }.Select(document =>
    {
        JsonNode node = JsonNode.Parse(document)!;
        node["linux"]!["cgroupsPath"] = cgroup;
        return node.ToJsonString();
    })];

    private const string Engine = """
        {
          "ociVersion": "1.3.0", "root": { "path": "rootfs", "readonly": true }, "hostname": "box", "domainname": "example", "annotations": { "com.example.key": "value" },
          "process": { "terminal": false, "user": { "uid": 1000, "gid": 1000, "umask": 18, "additionalGids": [5, 6] }, "cwd": "/tmp", "args": ["/bin/true", "word"], "env": ["PATH=/bin", "TERM=xterm"],
            "capabilities": { "bounding": ["CAP_KILL", "CAP_CHOWN"], "effective": ["CAP_KILL"], "permitted": ["CAP_KILL"], "inheritable": [], "ambient": [] }, "noNewPrivileges": true, "oomScoreAdj": 100,
            "rlimits": [{ "type": "RLIMIT_NOFILE", "soft": 1000, "hard": 1024 }, { "type": "RLIMIT_CORE", "soft": 0, "hard": 0 }],
            "scheduler": { "policy": "SCHED_BATCH", "nice": 3 }, "ioPriority": { "class": "IOPRIO_CLASS_BE", "priority": 4 }, "execCPUAffinity": { "initial": "0", "final": "0" } },
          "mounts": [
            { "destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid", "noexec", "nodev"] },
            { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            { "destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"] },
            { "destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"] },
            { "destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": ["nosuid", "noexec", "nodev"] },
            { "destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"] },
            { "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "relatime", "ro"] },
            { "destination": "/data", "type": "bind", "source": "data", "options": ["rbind", "rprivate", "rro", "nosymfollow"] },
            { "destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup", "mode=1777"] } ],
          "linux": {
            "namespaces": [{ "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }, { "type": "cgroup" }, { "type": "time" }],
            "timeOffsets": { "monotonic": { "secs": 5, "nanosecs": 9 }, "boottime": { "secs": 1 } }, "rootfsPropagation": "rslave",
            "maskedPaths": ["/proc/kcore", "/proc/keys", "/sys/firmware"], "readonlyPaths": ["/proc/sys", "/proc/bus"], "sysctl": { "kernel.shmmni": "2048", "net.ipv4.ip_forward": "1" },
            "personality": { "domain": "LINUX", "flags": [] },
            "devices": [{ "path": "/dev/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 438, "uid": 0, "gid": 0 }, { "path": "/dev/pipe", "type": "p" }],
            "seccomp": { "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "flags": ["SECCOMP_FILTER_FLAG_LOG"],
              "syscalls": [{ "names": ["read", "write", "execve", "exit_group", "brk", "mmap", "arch_prctl"], "action": "SCMP_ACT_ALLOW" },
                { "names": ["personality"], "action": "SCMP_ACT_ALLOW", "args": [{ "index": 0, "value": 8, "valueTwo": 0, "op": "SCMP_CMP_EQ" }] }, { "names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38 }] } }
        }
        """;

    private const string UserNamespace = """
        {
          "ociVersion": "1.2.0", "root": { "path": "rootfs" }, "hostname": "mapped",
          "process": { "user": { "uid": 0, "gid": 0 }, "cwd": "/", "args": ["true"], "env": ["PATH=/usr/bin:/bin", "HOME=/"], "oomScoreAdj": 500, "rlimits": [{ "type": "RLIMIT_NPROC", "soft": 100, "hard": 100 }] },
          "mounts": [
            { "destination": "/proc", "type": "proc", "source": "proc" }, { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"] },
            { "destination": "/dev/pts", "type": "devpts", "source": "devpts" },
            { "destination": "/data", "source": "data", "options": ["bind", "idmap", "ro"], "uidMappings": [{ "containerID": 0, "hostID": 5000, "size": 10 }], "gidMappings": [{ "containerID": 0, "hostID": 5000, "size": 10 }] } ],
          "linux": { "uidMappings": [{ "containerID": 0, "hostID": 100000, "size": 65536 }], "gidMappings": [{ "containerID": 0, "hostID": 100000, "size": 1000 }, { "containerID": 1000, "hostID": 200000, "size": 64536 }],
            "namespaces": [{ "type": "user" }, { "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }],
            "devices": [{ "path": "/dev/fuse", "type": "c", "major": 10, "minor": 229 }], "memoryPolicy": { "mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"] } }
        }
        """;

    private const string Limits = """
        {
          "ociVersion": "1.1.0", "root": { "path": "rootfs" },
          "process": { "user": { "uid": 0, "gid": 0 }, "cwd": "/", "args": ["/bin/true"], "env": ["PATH=/bin"] },
          "mounts": [{ "destination": "/proc", "type": "proc", "source": "proc" }, { "destination": "/dev", "type": "tmpfs", "source": "tmpfs" }],
          "linux": { "namespaces": [{ "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "mount" }],
            "resources": { "devices": [{ "allow": false, "access": "rwm" }, { "allow": true, "type": "c", "major": 1, "minor": 3, "access": "rwm" }, { "allow": true, "type": "c", "major": 136, "access": "rw" }],
              "memory": { "limit": 100000000, "reservation": 50000000, "swap": -1, "swappiness": 10, "disableOOMKiller": false, "useHierarchy": true, "checkBeforeUpdate": false },
              "cpu": { "shares": 512, "quota": 50000, "period": 100000, "cpus": "0", "mems": "0", "idle": 0, "burst": 0 }, "pids": { "limit": 50 },
              "blockIO": { "weight": 100, "throttleReadBpsDevice": [], "throttleWriteIOPSDevice": [] }, "hugepageLimits": [], "network": {}, "rdma": {}, "unified": {} } }
        }
        """;
}
