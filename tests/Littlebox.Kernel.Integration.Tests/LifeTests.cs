using System.Text.Json.Nodes;

namespace Littlebox.Kernel.Integration.Tests;

/// <summary>The life of a container where there is only version 2.</summary>
[Collection("6.1, cgroup v2")]
public sealed class LifeTests(UnifiedMachine machine)
{
    [Fact]
    public void A_container_is_created_started_killed_and_deleted()
    {
        Result result = machine.Run("life", Config.Sleeper.In("/life/one"), """
            status() { littlebox-oci state one | grep -o '"status": *"[a-z]*"' | tr -d ' '; }
            littlebox-oci create -b /b/life --pid-file /b/life/pid one </dev/null >/dev/null 2>/dev/null || exit
            status
            cat /proc/$(cat /b/life/pid)/cgroup
            littlebox-oci start one; status
            littlebox-oci exec one cat /proc/self/cgroup /proc/1/cgroup
            littlebox-oci ps -f json one | tr -dc '[],' 
            echo
            littlebox-oci kill one KILL
            tries=0
            until status | grep -q stopped || [ $tries = 100 ]; do sleep 0.1; tries=$((tries + 1)); done
            status
            littlebox-oci delete one
            ls -d /sys/fs/cgroup/life/one 2>/dev/null
            littlebox-oci list -q
            """);
        Assert.Equal(
            ["\"status\":\"created\"", "0::/life/one", "\"status\":\"running\"", "0::/", "0::/", "[]", "\"status\":\"stopped\""],
            result.ExpectSuccess().Lines);
    }

    // The kernel's own record: cgroup_attach_task is said whenever a process is moved, and not where it is cloned into its cgroup.
    [Fact]
    public void The_first_process_is_cloned_into_its_cgroup_and_never_moved()
    {
        Result result = machine.Run("cloned", new Config("cat", "/proc/self/cgroup").In("/cloned/into"), """
            mkdir -p /tracing && mount -t tracefs tracefs /tracing || exit
            echo 1 >/tracing/events/cgroup/cgroup_attach_task/enable
            echo >/tracing/trace
            littlebox-oci run -b /b/cloned cloned || exit
            echo "moved by us: $(grep -c cgroup_attach_task: /tracing/trace)"
            mkdir /sys/fs/cgroup/moved
            sh -c 'echo 0 >/sys/fs/cgroup/moved/cgroup.procs'
            echo "moved by hand: $(grep -c cgroup_attach_task: /tracing/trace)"
            echo 0 >/tracing/events/cgroup/cgroup_attach_task/enable
            umount /tracing
            rmdir /sys/fs/cgroup/moved
            """);
        Assert.Equal(["0::/", "moved by us: 0", "moved by hand: 1"], result.ExpectSuccess().Lines);
    }

    [Fact]
    public void A_container_without_a_mount_namespace_has_its_root_with_all_mounts_and_leaves_none()
    {
        Config config = Config.Shell("readlink /proc/self/ns/mnt; exec sleep 10000").In("/guest/box").Set(static linux =>
        {
            JsonArray namespaces = linux["namespaces"]!.AsArray();
            namespaces.Remove(namespaces.Single(static entry => entry!["type"]!.GetValue<string>() == "mount"));
        });
        Result result = machine.Run("guest", config, """
            before=$(cat /proc/self/mountinfo)
            littlebox-oci run -d -b /b/guest guest </dev/null >/tmp/guest 2>/tmp/errors || cat /tmp/errors
            littlebox-oci exec guest sh -c 'ls -d /dev/null /proc/version /sys/kernel /tmp; readlink /proc/self/ns/mnt' >/tmp/second
            [ "$(tail -1 /tmp/second)" = "$(readlink /proc/self/ns/mnt)" ] && [ "$(cat /tmp/guest)" = "$(readlink /proc/self/ns/mnt)" ] && echo the same
            grep ^/ /tmp/second
            littlebox-oci delete --force guest
            [ "$before" = "$(cat /proc/self/mountinfo)" ] && echo nothing
            """);
        Assert.Equal(["the same", "/dev/null", "/proc/version", "/sys/kernel", "/tmp", "nothing"], result.Lines);
    }

    [Theory]
    [InlineData("rw", 100000)]
    [InlineData("ro", 0)]
    public void The_cgroup_of_a_container_with_ids_of_its_own_is_its_root_s_where_it_may_write_there(string access, int owner)
    {
        Config config = Config.Sleeper.In("/owned/box").Set(static linux =>
        {
            linux["namespaces"]!.AsArray().Add(JsonNode.Parse("""{ "type": "user" }"""));
            foreach (string map in (string[])["uidMappings", "gidMappings"]) linux[map] = JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]""");
        });
        config.Document["mounts"]![5]!["options"] = new JsonArray("nosuid", "noexec", "nodev", "relatime", access);
        // The kernel says which files are to be given away; not all of them need be there.
        string[] lines = machine.Run("owned", config, $"""
            littlebox-oci run -d -b /b/owned owned </dev/null >/dev/null 2>/tmp/errors || cat /tmp/errors
            cd /sys/fs/cgroup/owned/box
            for file in . $(cat /sys/kernel/cgroup/delegate); do [ ! -e $file ] || [ $(stat -c %u $file) = {owner} ] || echo "$file: $(stat -c %u $file)"; done
            stat -c %u cgroup.procs pids.max
            littlebox-oci delete --force owned
            """).Lines;
        Assert.Equal([$"{owner}", "0"], lines);
    }

    [Fact]
    public void Paused_processes_stand_still_and_go_on()
    {
        Result result = machine.Run("paused", Config.Shell("while :; do echo x >>/tmp/count; sleep 0.05; done").In("/paused/one"), """
            littlebox-oci run -d -b /b/paused --pid-file /b/paused/pid paused </dev/null >/dev/null 2>/dev/null || exit
            count() { wc -l </proc/$(cat /b/paused/pid)/root/tmp/count 2>/dev/null || echo 0; }
            tries=0
            until [ $(count) -gt 2 ] || [ $tries = 100 ]; do sleep 0.1; tries=$((tries + 1)); done
            littlebox-oci pause paused
            cat /sys/fs/cgroup/paused/one/cgroup.freeze
            grep frozen /sys/fs/cgroup/paused/one/cgroup.events
            littlebox-oci state paused | grep -o '"status": *"[a-z]*"' | tr -d ' '
            before=$(count); sleep 0.5; [ $(count) = $before ] && echo still
            littlebox-oci resume paused
            tries=0
            until [ $(count) -gt $before ] || [ $tries = 100 ]; do sleep 0.1; tries=$((tries + 1)); done
            [ $(count) -gt $before ] && echo on
            littlebox-oci pause paused
            littlebox-oci delete --force paused
            ls /sys/fs/cgroup/paused | grep one
            true
            """);
        Assert.Equal(["1", "frozen 1", "\"status\":\"paused\"", "still", "on"], result.ExpectSuccess().Lines);
    }

    [Fact]
    public void Everybody_in_the_cgroup_is_killed_though_the_pid_namespace_is_the_host_s()
    {
        Config config = Config.Shell("sleep 12345 & sleep 12345 & sleep 12345").In("/killed/all");
        config.Set(static linux => linux["namespaces"]!.AsArray().RemoveAt(0));
        Result result = machine.Run("killed", config, """
            littlebox-oci run -d -b /b/killed killed </dev/null >/dev/null 2>/dev/null || exit
            tries=0
            until [ $(wc -l </sys/fs/cgroup/killed/all/cgroup.procs) = 3 ] || [ $tries = 100 ]; do sleep 0.1; tries=$((tries + 1)); done
            wc -l </sys/fs/cgroup/killed/all/cgroup.procs
            littlebox-oci kill --all killed KILL
            littlebox-oci delete --force killed
            ps | grep '[s]leep 12345' | wc -l
            """);
        Assert.Equal(["3", "0"], result.ExpectSuccess().Lines);
    }

    [Fact]
    public void The_root_of_an_initramfs_is_not_pivoted_but_moved_when_it_is_asked_for()
    {
        Config config = Config.Shell("ls /init 2>/dev/null; ls /bin/busybox; cat /proc/self/cgroup; touch /x 2>/dev/null || echo read-only");
        // The first process sees the initramfs itself as its root.
        machine.Run("initramfs", config, "nsenter -t 1 -m littlebox-oci run -b /b/initramfs initramfs").ExpectError("--no-pivot");
        Result result = machine.Run("nsenter -t 1 -m littlebox-oci run --no-pivot -b /b/initramfs initramfs; littlebox-oci list -q");
        Assert.Equal(["/bin/busybox", "0::/", "read-only"], result.ExpectSuccess().Lines);
        result = machine.Run("""
            nsenter -t 1 -m littlebox-oci create --no-pivot -b /b/initramfs initramfs </dev/null >/dev/null 2>/dev/null || exit
            nsenter -t 1 -m littlebox-oci start initramfs
            nsenter -t 1 -m littlebox-oci delete --force initramfs
            """);
        result.ExpectSuccess();
    }

    [Fact]
    public void System_calls_are_filtered()
    {
        Config config = Config.Shell("mkdir /tmp/a 2>&1; ln -s a /tmp/b 2>&1; kill -0 1 && echo on");
        config.Set(static linux => linux["seccomp"] = JsonNode.Parse("""
            {
              "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
              "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28 }, { "names": ["symlink", "symlinkat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 122 }]
            }
            """));
        Assert.Equal(
            ["mkdir: can't create directory '/tmp/a': No space left on device", "ln: /tmp/b: Disk quota exceeded", "on"],
            machine.RunContainer("filtered", config).ExpectSuccess().Lines);
    }

    [Fact]
    public void Littlebox_itself_works_on_this_kernel()
    {
        Assert.Equal(["hello"], machine.Run("littlebox run --rm default echo hello").ExpectSuccess().Lines);
        Assert.Equal(["two"], machine.Run("littlebox run --rm --read-only --hostname two default hostname").ExpectSuccess().Lines);
        machine.Run("littlebox run --rm default sh -c 'exit 9'").ExpectExit(9);
        Assert.Contains("Containers can run here.", machine.Run("littlebox doctor").ExpectExit(0).Output);
        Assert.Equal(["0"], machine.Run("su user -c 'littlebox run --rm default id -u'").ExpectSuccess().Lines);
    }
}
