namespace Littlebox.Oci.Tests;

/// <summary>Documents that are right, from which the tests make wrong ones.</summary>
internal static class Samples
{
    /// <summary>Every field that the reader knows.</summary>
    public const string Full = """
        {"ociVersion":"1.3.0","hostname":"web","domainname":"example","unknown":{"a":[1,{"b":null}]},
        "root":{"path":"rootfs","readonly":true},
        "process":{"terminal":true,"consoleSize":{"height":25,"width":80},"user":{"uid":1,"gid":2,"umask":18,"additionalGids":[5,6]},"args":["sh","-c"],
          "env":["PATH=/bin"],"cwd":"/","capabilities":{"bounding":["CAP_KILL"],"effective":[],"inheritable":[],"permitted":["CAP_KILL"],"ambient":null},
          "rlimits":[{"type":"RLIMIT_NOFILE","soft":1024,"hard":18446744073709551615}],"noNewPrivileges":true,"apparmorProfile":"","oomScoreAdj":-5,
          "scheduler":{"policy":"SCHED_FIFO","priority":7,"flags":["SCHED_FLAG_RESET_ON_FORK"]},"selinuxLabel":"a:b","ioPriority":{"class":"IOPRIO_CLASS_BE","priority":4},
          "execCPUAffinity":{"initial":"7","final":"0-3"}},
        "mounts":[{"destination":"/data","type":"none","source":"/srv","options":["rbind","idmap"],"uidMappings":[{"containerID":0,"hostID":9,"size":1}],"gidMappings":[{"containerID":0,"hostID":9,"size":1}]}],
        "hooks":{"prestart":[{"path":"/bin/true","args":["true"],"env":["A=1"],"timeout":3}],"poststop":null},
        "annotations":{"a/b":"c"},
        "linux":{"namespaces":[{"type":"pid"},{"type":"network","path":"/run/netns/a"},{"type":"time","path":""},{"type":"mount"},{"type":"uts"},{"type":"user"}],
          "uidMappings":[{"containerID":0,"hostID":1000,"size":32000}],"gidMappings":[{"containerID":0,"hostID":1000,"size":32000}],
          "timeOffsets":{"monotonic":{"secs":-5,"nanosecs":9}},"devices":[{"path":"/dev/fuse","type":"u","major":10,"minor":229,"fileMode":438},{"path":"/f","type":"p"}],
          "netDevices":{"eth0":{"name":"inner"},"eth1":{}},"cgroupsPath":"/a/b","sysctl":{"net.core.somaxconn":"256"},"rootfsPropagation":"rslave",
          "maskedPaths":["/proc/kcore"],"readonlyPaths":["/proc/sys"],"mountLabel":"l","personality":{"domain":"LINUX32","flags":[]},
          "intelRdt":{"closID":"c","schemata":["L3:0=f"]},"memoryPolicy":{"mode":"MPOL_BIND","nodes":"0-1","flags":["MPOL_F_STATIC_NODES"]},
          "resources":{"devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":-1,"minor":3}],"memory":{"limit":-1,"swap":-1,"swappiness":0},
            "cpu":{"shares":1024,"quota":-1,"period":100000,"cpus":"0-1"},"pids":{"limit":0},
            "blockIO":{"weight":10,"weightDevice":[{"major":8,"minor":0,"weight":500}],"throttleReadBpsDevice":[{"major":8,"minor":0,"rate":600}]},
            "hugepageLimits":[{"pageSize":"2MB","limit":9}],"network":{"classID":1,"priorities":[{"name":"eth0","priority":5}]},
            "rdma":{"mlx":{"hcaHandles":3}},"unified":{"memory.high":"1"}},
          "seccomp":{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":38,"architectures":["SCMP_ARCH_X86_64"],"flags":[],
            "syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":18446744073709551615,"valueTwo":1,"op":"SCMP_CMP_MASKED_EQ"}]}]}}}
        """;
}
