namespace Littlebox.Kernel.Integration.Tests;

/// <summary><c>--systemd-cgroup</c> for an ordinary user, whose own systemd makes the cgroups in what has been delegated to it.</summary>
[Collection("6.1, systemd")]
public sealed class SystemdUserTests(SystemdMachine machine)
{
    private const string His = "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/user.slice", Own = "XDG_RUNTIME_DIR=/run/user/1000";

    private const string Life = Units.Shell + """
        whose=--user
        quiet lb run -d -b /b/his his || exit
        cat $his/lb-his.scope/memory.max $his/lb-his.scope/pids.max $his/lb-his.scope/cpu.max
        systemctl --user show lb-his.scope -p MemoryMax,TasksMax,CPUQuotaPerSecUSec | sort
        # Out of a cgroup of root's, into one of his own: only systemd may do that.
        cat /proc/self/cgroup
        littlebox-oci exec his cat /proc/self/cgroup
        quiet littlebox-oci exec -d his sleep 10000
        wc -l <$his/lb-his.scope/cgroup.procs
        quiet littlebox-oci update --memory 50331648 --pids-limit 9 his
        cat $his/lb-his.scope/memory.max $his/lb-his.scope/pids.max
        systemctl --user show lb-his.scope -p MemoryMax,TasksMax | sort
        quiet littlebox-oci pause his
        littlebox-oci state his | grep -o paused
        quiet littlebox-oci resume his
        quiet littlebox-oci delete --force his
        leftovers
        """;

    private static readonly string[] Lived =
    [
        "67108864", "32", "12500 50000", "CPUQuotaPerSecUSec=250ms", "MemoryMax=67108864", "TasksMax=32", "0::/system.slice/agent.service", "0::/", "2", "50331648", "9", "MemoryMax=50331648", "TasksMax=9", "paused",
    ];

    [Theory]
    [InlineData(Own)]
    // As su leaves it: his systemd is looked for where it is by default.
    [InlineData("NOTHING=1")]
    public void Limits_hold_in_a_scope_of_his_own_systemd(string environment) => Assert.Equal(Lived, Run(environment, environment == Own ? Life : Life.Replace("systemctl", Own + " systemctl", StringComparison.Ordinal)).ExpectSuccess().Lines);

    [Fact]
    public void His_bus_does_as_well() =>
        Assert.Equal(Lived, Run("XDG_RUNTIME_DIR=/tmp/other DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus", Life.Replace("systemctl", Own + " systemctl", StringComparison.Ordinal)).ExpectSuccess().Lines);

    [Fact]
    public void Root_of_a_user_namespace_that_he_has_made_is_he()
    {
        // As podman of an ordinary user calls it: uid 0, whom his systemd does not know by that number.
        machine.Write("inner", Config.Sleeper.Rootless(0).In(":lb:inner").With("""{ "pids": { "limit": 32 } }"""));
        Result result = Him(Own, $$"""
            cat >/tmp/inner.sh <<'END'
            {{Units.Shell}}
            whose=--user
            quiet lb run -d -b /b/inner inner || exit
            cat {{His}}/lb-inner.scope/pids.max
            littlebox-oci exec inner cat /proc/self/cgroup
            quiet littlebox-oci delete --force inner
            leftovers
            END
            unshare -Urm sh /tmp/inner.sh; code=$?
            rm -f /tmp/inner.sh
            exit $code
            """);
        Assert.Equal(["32", "0::/"], result.ExpectSuccess().Lines);
    }

    [Fact]
    public void A_controller_that_his_systemd_has_not_is_named_and_nothing_is_left()
    {
        Write("lacks", """{ "cpu": { "cpus": "0" } }""");
        Him(Own, Units.Shell + "lb create -b /b/lacks lacks </dev/null").ExpectError("/linux/resources/cpu/cpus", "cpuset", "delegated");
        Assert.Equal("", Him(Own, Units.Shell + "whose=--user; leftovers").ExpectSuccess().Output);
    }

    [Fact]
    public void Without_a_systemd_of_his_own_it_is_said_how_to_get_one()
    {
        Write("none", "{}");
        Him("XDG_RUNTIME_DIR=/tmp/other", "littlebox-oci --systemd-cgroup create -b /b/none none </dev/null").ExpectError("this user has no systemd", "loginctl enable-linger", "XDG_RUNTIME_DIR");
        Assert.Equal("", Him(Own, Units.Shell + "whose=--user; leftovers").ExpectSuccess().Output);
    }

    [Fact]
    public void He_cannot_have_units_of_the_machine_s_systemd()
    {
        Write("root", "{}");
        Him(Own, "littlebox-oci --rootless=false --systemd-cgroup create -b /b/root root </dev/null").ExpectError("does not let this user make units");
        Assert.Equal("", machine.Run(Units.Shell + "leftovers").ExpectSuccess().Output);
    }

    private Result Run(string environment, string script)
    {
        Write("his", """{ "memory": { "limit": 67108864 }, "cpu": { "quota": 12345, "period": 50000 }, "pids": { "limit": 32 } }""");
        return Him(environment, $"his={His}\n{script}");
    }

    private void Write(string name, string resources) => machine.Write(name, Config.Sleeper.Rootless(1000).In($":lb:{name}").With(resources));

    private Result Him(string environment, string script) => machine.Run($$"""
        mkdir -p /tmp/other; chown 1000:1000 /tmp/other; rm -f /tmp/quiet
        cat >/tmp/him.sh <<'THEEND'
        {{script}}
        THEEND
        su user -c 'unset XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS; export {{environment}}; sh /tmp/him.sh'; code=$?
        rm -f /tmp/quiet
        exit $code
        """);
}
