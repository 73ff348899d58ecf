namespace Littlebox.Kernel.Integration.Tests;

/// <summary><c>--systemd-cgroup</c>: containers whose cgroups systemd makes, as root. Each test has a scope <c>lb-NAME.scope</c> of its own.</summary>
[Collection("6.1, systemd")]
public sealed class SystemdCGroupTests(SystemdMachine machine)
{
    private const string Limits = """
        {
          "devices": [{ "allow": false, "access": "rwm" }, { "allow": true, "type": "b", "major": 7, "access": "r" }],
          "memory": { "limit": 67108864, "swap": 134217728, "reservation": 33554432 },
          "cpu": { "quota": 12345, "period": 50000, "cpus": "0-1", "mems": "0" },
          "pids": { "limit": 32 },
          "hugepageLimits": [{ "pageSize": "2MB", "limit": 4194304 }]
        }
        """;

    private static readonly string[] Said =
    [
        "Slice", "Delegate", "DefaultDependencies", "MemoryAccounting", "CPUAccounting", "IOAccounting", "TasksAccounting", "MemoryMax", "MemoryLow", "MemorySwapMax", "CPUQuotaPerSecUSec",
        "CPUQuotaPeriodUSec", "TasksMax", "AllowedCPUs", "AllowedMemoryNodes", "DevicePolicy", "ActiveState",
    ];

    [Fact]
    public void Limits_are_properties_of_the_scope_and_the_kernel_has_the_same()
    {
        Result result = machine.Run("limits", Config.Sleeper.In("foo-bar.slice:lb:limits").With(Limits), Units.Shell + """
            quiet lb create -b /b/limits limits || exit
            cd /sys/fs/cgroup/foo.slice/foo-bar.slice/lb-limits.scope
            for file in memory.max memory.low memory.swap.max cpu.max pids.max cpuset.cpus cpuset.mems hugetlb.2MB.max; do cat $file; done
            # One process of the container, and nobody else.
            [ "$(cat cgroup.procs)" = "$(littlebox-oci state limits | sed -n 's/.*"pid": \([0-9]*\).*/\1/p')" ] && cat /proc/$(cat cgroup.procs)/cgroup
            grep -o '"cgroupManager":"[^"]*"' /run/littlebox-oci/limits/state.json
            """).ExpectSuccess();
        // What systemd rounds (24.69 % of a processor) is rounded in the file too.
        Assert.Equal(["67108864", "33554432", "67108864", "12500 50000", "32", "0-1", "0", "4194304", "0::/foo.slice/foo-bar.slice/lb-limits.scope", "\"cgroupManager\":\"systemd:system:lb-limits.scope\""], result.Lines);
        Assert.Equal(
        [
            "Slice=foo-bar.slice", "Delegate=yes", "DefaultDependencies=no", "MemoryAccounting=yes", "CPUAccounting=yes", "IOAccounting=yes", "TasksAccounting=yes", "MemoryMax=67108864",
            "MemoryLow=33554432", "MemorySwapMax=67108864", "CPUQuotaPerSecUSec=250ms", "CPUQuotaPeriodUSec=50ms", "TasksMax=32", "AllowedCPUs=0-1", "AllowedMemoryNodes=0", "DevicePolicy=strict", "ActiveState=active",
        ], machine.Show("lb-limits.scope", Said));
        Assert.Contains("DeviceAllow=block-7 r", machine.Show("lb-limits.scope", "DeviceAllow"));
        Assert.Equal("", machine.Run(Units.Shell + "quiet littlebox-oci delete limits; leftovers").ExpectSuccess().Output);
    }

    [Fact]
    public void Systemd_is_told_what_runc_tells_it()
    {
        Config config = Config.Sleeper.In("machine.slice:lb:theirs").With(Limits.Replace("\"swap\": 134217728, ", "", StringComparison.Ordinal));
        // A version that Debian's runc knows.
        config.Document["ociVersion"] = "1.0.2";
        config.Document["annotations"] = new System.Text.Json.Nodes.JsonObject { ["org.systemd.property.TimeoutStopSec"] = "uint64 7", ["org.systemd.property.CollectMode"] = "'inactive-or-failed'" };
        machine.Write("theirs", config);
        string[] ours = Told("littlebox-oci"), theirs = Told("runc");
        Assert.Contains("TimeoutStopUSec=7s", ours);
        Assert.Contains("CollectMode=inactive-or-failed", ours);
        Assert.Equal(theirs, ours);

        // Not what runs in it: numbers, times, what has been used. runc 1.1 calls a kind of device by its name, leaves out those that are not there, and sets limits by a second call (DropInPaths).
        string[] Told(string runtime) => machine.Run(Units.Shell + $"""
            quiet {runtime} --systemd-cgroup create -b /b/theirs theirs || exit
            systemctl show lb-theirs.scope
            quiet {runtime} --systemd-cgroup delete --force theirs
            leftovers
            """).ExpectSuccess().Lines.Where(static line => !line.StartsWith("Description=", StringComparison.Ordinal) && !line.StartsWith("DropInPaths=", StringComparison.Ordinal)
                && !line.StartsWith("NeedDaemonReload=", StringComparison.Ordinal) && !line.Contains("Timestamp", StringComparison.Ordinal) && !line.StartsWith("InvocationID=", StringComparison.Ordinal)
                && !line.StartsWith("ControlGroupId=", StringComparison.Ordinal) && !line.Contains("Current=", StringComparison.Ordinal) && !line.Contains("Usage", StringComparison.Ordinal)
                && !line.StartsWith("MemoryAvailable=", StringComparison.Ordinal) && !line.StartsWith("IORead", StringComparison.Ordinal) && !line.StartsWith("IOWrite", StringComparison.Ordinal)
                && line is not ("DeviceAllow=block-loop r" or "DeviceAllow=block-7 r" or "DeviceAllow=char-pts rwm" or "DeviceAllow=char-136 rwm" or "DeviceAllow=/dev/char/10:200 rwm")).Order(StringComparer.Ordinal).ToArray();
    }

    [Fact]
    public void A_life_in_a_scope_ends_without_a_trace()
    {
        Result result = machine.Run("life", Config.Sleeper.In("machine.slice:lb:life").With("""{ "memory": { "limit": 67108864 }, "pids": { "limit": 16 } }"""), Units.Shell + """
            quiet lb run -d -b /b/life life || exit
            scope=/sys/fs/cgroup/machine.slice/lb-life.scope
            # Whoever comes later needs no flag: the record says whose the cgroups are.
            littlebox-oci exec life cat /proc/self/cgroup /sys/fs/cgroup/pids.max
            quiet littlebox-oci exec -d life sleep 10000
            wc -l <$scope/cgroup.procs
            littlebox-oci ps -f json life | tr -dc , | wc -c
            littlebox-oci events --stats life | grep -o '"limit":16' | head -n 1
            quiet littlebox-oci update --memory 50331648 --pids-limit 9 --cpu-quota 20000 --cpu-share 1024 life
            cat $scope/memory.max $scope/pids.max $scope/cpu.max $scope/cpu.weight
            systemctl show lb-life.scope -p MemoryMax,TasksMax,CPUQuotaPerSecUSec,CPUWeight | sort
            # A quota beside the period that is there, and the period beside that quota.
            quiet littlebox-oci update --cpu-period 50000 life
            cat $scope/cpu.max
            systemctl show lb-life.scope -p CPUQuotaPerSecUSec,CPUQuotaPeriodUSec | sort
            quiet littlebox-oci pause life
            cat $scope/cgroup.freeze
            littlebox-oci state life | grep -o paused
            quiet littlebox-oci resume life
            quiet littlebox-oci kill life KILL
            tries=0; until littlebox-oci state life | grep -q stopped || [ $tries = 100 ]; do sleep 0.1; tries=$((tries + 1)); done
            quiet littlebox-oci delete life
            leftovers
            """).ExpectSuccess();
        Assert.Equal(
        [
            "0::/", "16", "2", "1", "\"limit\":16", "50331648", "9", "20000 100000", "100", "CPUQuotaPerSecUSec=200ms", "CPUWeight=100", "MemoryMax=50331648", "TasksMax=9", "20000 50000",
            "CPUQuotaPerSecUSec=400ms", "CPUQuotaPeriodUSec=50ms", "1", "paused",
        ], result.Lines);
    }

    [Fact]
    public void Without_a_cgroupsPath_it_is_a_scope_of_the_container_s_name_in_system_slice()
    {
        Result result = machine.Run("lb-named+1", new Config("cat", "/proc/self/cgroup").Set(linux => linux["namespaces"]!.AsArray().RemoveAt(5)), Units.Shell + "lb run -b /b/lb-named+1 lb-named+1; leftovers").ExpectSuccess();
        Assert.Equal(["0::/system.slice/littlebox-lb-named\\x2b1.scope"], result.Lines);
    }

    [Fact]
    public void Limits_and_device_rules_outlive_a_reload_of_systemd()
    {
        Config config = Config.Sleeper.In("machine.slice:lb:reload").With("""
            { "devices": [{ "allow": false, "access": "rwm" }], "memory": { "limit": 67108864 }, "cpu": { "quota": 12345 }, "hugepageLimits": [{ "pageSize": "2MB", "limit": 4194304 }] }
            """);
        Result result = machine.Run("reload", config, Units.Shell + """
            quiet lb run -d -b /b/reload reload || exit
            look() { littlebox-oci exec reload sh -c 'mknod /tmp/kmsg c 1 11; mknod /tmp/null c 1 3; cat /tmp/null && echo null; cat /tmp/kmsg >/dev/null 2>/tmp/why || grep -o "not permitted" /tmp/why; rm /tmp/kmsg /tmp/null'; }
            cd /sys/fs/cgroup/machine.slice/lb-reload.scope
            look
            systemctl daemon-reload
            # Whatever systemd looks over once more.
            systemctl set-property --runtime lb-reload.scope CPUWeight=77
            look
            cat memory.max cpu.max hugetlb.2MB.max cpu.weight
            cd /
            quiet littlebox-oci delete --force reload
            leftovers
            """).ExpectSuccess();
        Assert.Equal(["null", "not permitted", "null", "not permitted", "67108864", "13000 100000", "4194304", "77"], result.Lines);
    }

    [Fact]
    public void Rules_that_systemd_has_no_words_for_are_enforced()
    {
        Config config = Config.Shell("mknod /tmp/kmsg c 1 11; mknod /tmp/loop b 7 0; cat /tmp/kmsg >/dev/null 2>/tmp/why || grep -o 'not permitted' /tmp/why; cat /tmp/loop && echo read").In("machine.slice:lb:denies")
            .With("""{ "devices": [{ "allow": true, "access": "rwm" }, { "allow": false, "type": "c", "major": 1, "minor": 11, "access": "r" }] }""");
        Assert.Equal(["not permitted", "read"], machine.Run("denies", config, Units.Shell + "lb run -b /b/denies denies; leftovers").ExpectSuccess().Lines);
    }

    [Theory]
    [InlineData("org.systemd.property.Slice", "'other.slice'", "Slice and PIDs, which are the runtime's")]
    [InlineData("org.systemd.property.X1", "1", "a property of systemd's units by its name of letters")]
    [InlineData("org.systemd.property.TimeoutStopSec", "soon", "“soon” is neither a type nor a value")]
    // These only systemd knows.
    [InlineData("org.systemd.property.NoSuchThing", "uint64 1", "NoSuchThing")]
    [InlineData("org.systemd.property.CollectMode", "uint64 1", "CollectMode")]
    public void An_annotation_that_is_wrong_is_refused_with_its_place_and_nothing_is_left(string name, string value, string words)
    {
        Config config = new Config("true").In("machine.slice:lb:annotated");
        config.Document["annotations"] = new System.Text.Json.Nodes.JsonObject { [name] = value };
        machine.Run("annotated", config, Units.Shell + "lb create -b /b/annotated annotated </dev/null").ExpectError("/annotations/" + name, words);
        Assert.Equal("", machine.Run(Units.Shell + "leftovers").ExpectSuccess().Output);
    }

    [Theory]
    [InlineData("/a/b", "SLICE:PREFIX:NAME")]
    [InlineData("a/b.slice:lb:x", "names the slice")]
    [InlineData("machine.slice:lb:../x", "comes to the unit")]
    [InlineData("machine.slice:lb:x.slice", "slices hold no processes")]
    public void A_cgroupsPath_that_names_no_scope_is_refused(string path, string words)
    {
        machine.Run("path", new Config("true").In(path), Units.Shell + "lb create -b /b/path path </dev/null").ExpectError("/linux/cgroupsPath", words);
        Assert.Equal("", machine.Run(Units.Shell + "leftovers").ExpectSuccess().Output);
    }

    [Theory]
    // Behind the start of the unit: the kernel refuses it, systemd did not know of it.
    [InlineData("{ \"hugepageLimits\": [{ \"pageSize\": \"3MB\", \"limit\": 1 }] }", "/linux/resources/hugepageLimits/0")]
    [InlineData("{ \"cpu\": { \"cpus\": \"0-1000\" } }", "/linux/resources/cpu/cpus")]
    [InlineData("{ \"unified\": { \"cpu.weight\": \"99999\" } }", "/linux/resources/unified/cpu.weight")]
    [InlineData("{ \"unified\": { \"nothing.max\": \"1\" } }", "/linux/resources/unified/nothing.max")]
    public void What_cannot_be_enforced_is_refused_and_nothing_is_left(string resources, string pointer)
    {
        machine.Run("refused", new Config("true").In("machine.slice:lb:refused").With(resources), Units.Shell + "lb create -b /b/refused refused </dev/null").ExpectError(pointer);
        Assert.Equal("", machine.Run(Units.Shell + "leftovers").ExpectSuccess().Output);
    }

    [Fact]
    public void A_create_that_fails_inside_leaves_nothing()
    {
        machine.Run("inside", new Config("no-such-program").In("machine.slice:lb:inside"), Units.Shell + "lb create -b /b/inside inside </dev/null").ExpectError("no-such-program");
        Assert.Equal("", machine.Run(Units.Shell + "leftovers").ExpectSuccess().Output);
    }

    [Fact]
    public void A_second_container_of_the_same_id_or_unit_is_refused_and_the_first_one_goes_on()
    {
        machine.Write("second", Config.Sleeper.In("machine.slice:lb:second"));
        machine.Run(Units.Shell + "quiet lb run -d -b /b/second second").ExpectSuccess();
        machine.Run(Units.Shell + "lb create -b /b/second second </dev/null").ExpectError("already exists");
        machine.Run(Units.Shell + "lb create -b /b/second third </dev/null").ExpectError("/linux/cgroupsPath", "lb-second.scope");
        Assert.Equal(["0::/"], machine.Run("littlebox-oci exec second cat /proc/self/cgroup").ExpectSuccess().Lines);
        Assert.Equal(["second"], machine.Run("littlebox-oci list -q").ExpectSuccess().Lines);
        Assert.Equal("", machine.Run(Units.Shell + "quiet lb delete --force second; leftovers").ExpectSuccess().Output);
    }

    [Fact]
    public void A_unit_that_has_failed_is_forgotten_with_its_container_and_in_the_way_of_none()
    {
        Config config = Config.Sleeper.In("machine.slice:lb:failed");
        // systemd ends it, and calls that a failure.
        config.Document["annotations"] = new System.Text.Json.Nodes.JsonObject { ["org.systemd.property.RuntimeMaxSec"] = "uint64 1", ["org.systemd.property.TimeoutStopSec"] = "uint64 1" };
        Result result = machine.Run("failed", config, Units.Shell + """
            failed() { tries=0; until systemctl is-failed -q lb-failed.scope || [ $tries = 100 ]; do sleep 0.1; tries=$((tries + 1)); done; systemctl is-failed lb-failed.scope; }
            quiet lb run -d -b /b/failed failed || exit
            failed
            littlebox-oci state failed | grep -o stopped
            quiet littlebox-oci delete failed
            leftovers
            # Somebody else's, which nobody has cleared away.
            sh -c 'systemd-run --scope --unit lb-failed --slice machine.slice -p RuntimeMaxSec=1 -p TimeoutStopSec=1 sleep 10000; :' >/dev/null 2>&1
            failed
            quiet lb create -b /b/failed failed || exit
            systemctl is-active lb-failed.scope
            quiet littlebox-oci delete failed
            leftovers
            """);
        Assert.Equal(["failed", "stopped", "failed", "active"], result.ExpectSuccess().Lines);
    }

    [Fact]
    public void Of_a_create_that_is_killed_nothing_is_left_and_its_names_are_free_again()
    {
        Config config = Config.Sleeper.In("machine.slice:lb:killed");
        config.Document["hooks"] = System.Text.Json.Nodes.JsonNode.Parse("""{ "createRuntime": [{ "path": "/bin/sh", "args": ["sh", "-c", "echo >/tmp/killed.began; exec sleep 20"] }] }""");
        Result result = machine.Run("killed", config, Units.Shell + """
            rm -f /tmp/killed.began
            littlebox-oci --systemd-cgroup create -b /b/killed killed </dev/null >/dev/null 2>&1 &
            tries=0; until [ -e /tmp/killed.began ] || [ $tries = 200 ]; do sleep 0.1; tries=$((tries + 1)); done
            systemctl is-active lb-killed.scope
            kill -9 $!
            wait
            # Its child ends by itself, and so the scope.
            tries=0; while systemctl is-active -q lb-killed.scope && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
            systemctl is-active lb-killed.scope
            quiet littlebox-oci delete --force killed
            leftovers
            sed -i 's/"hooks"/"none"/' /b/killed/config.json
            quiet lb create -b /b/killed killed
            quiet littlebox-oci delete killed
            leftovers
            """);
        Assert.Equal(["active", "inactive"], result.ExpectSuccess().Lines);
    }

    [Fact]
    public void A_container_in_another_s_pid_namespace_is_in_its_own_scope()
    {
        // Its child clones twice, and has its cgroup before.
        machine.Write("first", Config.Sleeper.In("machine.slice:lb:first"));
        Config guest = Config.Sleeper.In("machine.slice:lb:guest");
        guest.Document["linux"]!["namespaces"]![0]!["path"] = "/run/first.pid";
        machine.Write("guest", guest);
        Result result = machine.Run(Units.Shell + """
            quiet lb run -d --pid-file /tmp/first -b /b/first first || exit
            touch /run/first.pid
            mount --bind /proc/$(cat /tmp/first)/ns/pid /run/first.pid
            quiet lb run -d --pid-file /tmp/guest -b /b/guest guest
            cat /proc/$(cat /tmp/guest)/cgroup
            [ "$(cat /sys/fs/cgroup/machine.slice/lb-guest.scope/cgroup.procs)" = "$(cat /tmp/guest)" ] && [ "$(readlink /proc/$(cat /tmp/guest)/ns/pid)" = "$(readlink /proc/$(cat /tmp/first)/ns/pid)" ] && echo inside
            quiet littlebox-oci delete --force guest
            quiet littlebox-oci delete --force first
            umount /run/first.pid
            leftovers
            """).ExpectSuccess();
        Assert.Equal(["0::/machine.slice/lb-guest.scope", "inside"], result.Lines);
    }

    [Fact]
    public void Several_at_once_have_a_scope_each()
    {
        for (int i = 0; i < 4; i++) machine.Write($"many{i}", new Config("cat", "/sys/fs/cgroup/pids.max").In($"machine.slice:lb:many{i}").With($$"""{ "pids": { "limit": {{10 + i}} } }"""));
        Result result = machine.Run(Units.Shell + "for i in 0 1 2 3; do lb run -b /b/many$i many$i & done; wait; leftovers").ExpectSuccess();
        Assert.Equal(["10", "11", "12", "13"], result.Lines.Order());
    }

    [Fact]
    public void The_system_bus_does_as_well_where_systemd_s_own_socket_is_not_seen()
    {
        machine.Write("bus", Config.Sleeper.In("machine.slice:lb:bus").With("""{ "pids": { "limit": 5 } }"""));
        Result result = machine.Run(Units.Shell + """
            cat >/tmp/bus.sh <<'END'
            mount -t tmpfs tmpfs /run/systemd || exit
            littlebox-oci --systemd-cgroup run -d -b /b/bus bus </dev/null >/dev/null || exit
            littlebox-oci update --pids-limit 6 bus
            cat /sys/fs/cgroup/machine.slice/lb-bus.scope/pids.max
            littlebox-oci delete --force bus
            # A program that is no bus, and nobody.
            DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/nothing littlebox-oci --systemd-cgroup create -b /b/bus bus </dev/null
            END
            unshare -m sh /tmp/bus.sh
            """);
        result.ExpectError("there is no systemd to make the cgroups", "cgroup_manager");
        Assert.Equal(["6"], result.Lines);
        Assert.Equal("", machine.Run(Units.Shell + "leftovers").ExpectSuccess().Output);
    }

    [Fact]
    public void A_systemd_outside_of_the_pid_namespace_is_not_asked_for_numbers_that_are_others_there()
    {
        machine.Write("pids", new Config("true").In("machine.slice:lb:pids"));
        machine.Run("unshare -pf --mount-proc littlebox-oci --systemd-cgroup create -b /b/pids pids </dev/null").ExpectError("pid namespace");
        Assert.Equal("", machine.Run(Units.Shell + "leftovers").ExpectSuccess().Output);
    }

    [Fact]
    public void Without_the_flag_the_same_path_is_one_of_directories() =>
        Assert.Equal(["0::/machine.slice:lb:plain"], machine.Run("plainly", new Config("cat", "/proc/self/cgroup").In("/machine.slice:lb:plain").Set(linux => linux["namespaces"]!.AsArray().RemoveAt(5)),
            "littlebox-oci run -b /b/plainly plainly").ExpectSuccess().Lines);
}
