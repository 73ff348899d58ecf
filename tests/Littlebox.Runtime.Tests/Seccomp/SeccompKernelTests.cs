using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Seccomp;
using Littlebox.Runtime.Steps;

namespace Littlebox.Runtime.Tests.Seccomp;

/// <summary>The kernel takes the filters and gives their verdicts: in real children, with no_new_privs, so no rights are needed.</summary>
public sealed class SeccompKernelTests
{
    private const int SystemSignal = 31;

    [Fact]
    public void The_kernel_gives_the_verdicts_of_a_filter()
    {
        BootBuilder program = Start(new LinuxSeccomp
        {
            DefaultAction = LinuxSeccompAction.Allow,
            Syscalls =
            [
                new LinuxSyscall { Names = ["getppid"], Action = LinuxSeccompAction.Errno, ErrnoRet = 77 },
                new LinuxSyscall { Names = ["umask"], Action = LinuxSeccompAction.Errno, Args = [new LinuxSeccompArg { Index = 0, Operator = LinuxSeccompOperator.GreaterThan, Value = 0x100000000 }] },
                new LinuxSyscall { Names = ["close"], Action = LinuxSeccompAction.Errno, ErrnoRet = 5, Args = [new LinuxSeccompArg { Index = 0, Operator = LinuxSeccompOperator.MaskedEqual, Value = 0xf0, ValueTwo = 0x70 }] },
            ],
        });
        Expect(program, SystemCallNumber.Getppid, 0, (Errno)77);
        Expect(program, SystemCallNumber.Umask, 0x100000001, Errno.EPERM);
        program.Call(SystemCallNumber.Umask, $"", 0x100000000L);
        Expect(program, SystemCallNumber.Close, 0x10007f, Errno.EIO);
        Expect(program, SystemCallNumber.Close, 0x10008f, Errno.EBADF);
        program.Exit(42);
        Assert.Equal(42, Run(program).ExitCode);
    }

    [Fact]
    public void A_system_call_newer_than_the_profile_is_not_implemented_and_an_older_one_is_not_permitted()
    {
        BootBuilder program = Start(new LinuxSeccomp
        {
            DefaultAction = LinuxSeccompAction.Errno,
            Syscalls = [new LinuxSyscall { Names = ["exit_group", "sendto", "recvfrom", "openat2"], Action = LinuxSeccompAction.Allow }],
        });
        Expect(program, SystemCallNumber.Getppid, 0, Errno.EPERM);
        Expect(program, 438, -1, Errno.ENOSYS);
        program.Exit(42);
        Assert.Equal(42, Run(program).ExitCode);
    }

    [Theory]
    [InlineData(LinuxSeccompAction.KillProcess)]
    [InlineData(LinuxSeccompAction.KillThread)]
    [InlineData(LinuxSeccompAction.Trap)]
    public void A_forbidden_call_ends_the_process_with_SIGSYS(LinuxSeccompAction action)
    {
        BootBuilder program = Start(new LinuxSeccomp { DefaultAction = LinuxSeccompAction.Allow, Syscalls = [new LinuxSyscall { Names = ["getppid"], Action = action }] });
        program.Call(SystemCallNumber.Getppid, $"");
        program.Exit(42);
        WaitStatus status = Run(program);
        Assert.False(status.Exited);
        Assert.Equal(SystemSignal, status.Signal);
    }

    [Fact]
    public void A_filter_that_notifies_returns_a_descriptor_for_the_agent()
    {
        var program = new BootBuilder();
        NoNewPrivileges(program);
        SeccompFilter filter = SeccompFilter.Compile(new LinuxSeccomp
        {
            DefaultAction = LinuxSeccompAction.Allow,
            Flags = [LinuxSeccompFlag.Log, LinuxSeccompFlag.WaitKillableRecv],
            Syscalls = [new LinuxSyscall { Names = ["getppid"], Action = LinuxSeccompAction.Notify }],
        });
        Register listener = SeccompSteps.Install(program, filter);
        program.Exit(42);
        long descriptor = -1;
        Assert.Equal(42, Run(program, child => descriptor = child.RegisterValue(listener.Index)).ExitCode);
        Assert.True(filter.Notifies);
        Assert.InRange(descriptor, 3, 1000);
    }

    [Fact]
    public void The_call_that_installs_a_filter_prints_as_strace_prints_it()
    {
        var program = new BootBuilder(keepsText: true);
        SeccompFilter filter = SeccompFilter.Compile(new LinuxSeccomp { DefaultAction = LinuxSeccompAction.Allow });
        Assert.Equal(Register.None, SeccompSteps.Install(program, filter));
        Assert.Equal($"seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, {{len={filter.Count}, filter=…}})", Assert.Single(program.Describe()).Text);
    }

    [Fact]
    public void Podman_s_profile_loads_faster_than_libseccomp_s_filter_of_it()
    {
        Libseccomp.Require();
        SeccompProfile profile = Profiles.OfPodman(FilterArchitecture.Native);
        SeccompFilter ours = SeccompCompiler.Compile(profile, FilterArchitecture.Native);
        var theirs = new SeccompFilter(Libseccomp.Compile(profile, FilterArchitecture.Native)!, 0, false);
        var tree = new SeccompFilter(Libseccomp.Compile(profile, FilterArchitecture.Native, optimize: true)!, 0, false);
        double[] best = [double.MaxValue, double.MaxValue, double.MaxValue];
        for (int i = 0; i < 30; i++)
        {
            best[0] = Math.Min(best[0], LoadTime(ours));
            best[1] = Math.Min(best[1], LoadTime(theirs));
            best[2] = Math.Min(best[2], LoadTime(tree));
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{ours.Count} instructions in {best[0]:f1} us; libseccomp {theirs.Count} in {best[1]:f1} us, its tree {tree.Count} in {best[2]:f1} us");
        Assert.True(best[0] < best[1], $"{best[0]} us against {best[1]} us");
    }

    private static double LoadTime(SeccompFilter filter)
    {
        var program = new BootBuilder();
        NoNewPrivileges(program);
        SeccompSteps.Install(program, filter);
        program.Exit(0);
        double time = 0;
        Assert.Equal(0, Run(program, child => time = (child.BeganAt(child.CurrentOperation) - child.BeganAt(child.CurrentOperation - 1)) / 1000.0).ExitCode);
        return time;
    }

    private static BootBuilder Start(LinuxSeccomp seccomp)
    {
        var program = new BootBuilder();
        NoNewPrivileges(program);
        SeccompSteps.Install(program, SeccompFilter.Compile(seccomp));
        return program;
    }

    private static void NoNewPrivileges(BootBuilder program) => program.Call(SystemCallNumber.Prctl, $"", 38, 1, 0, 0, 0);

    // Ends the child with 1 unless the call fails with the error.
    private static void Expect(BootBuilder program, int number, long argument, Errno error)
    {
        var failed = new Label();
        program.Call(number, $"", argument).OnErrorGoTo(failed, error);
        program.Exit(1);
        program.Place(failed);
    }

    private static WaitStatus Run(BootBuilder program, Action<BootChild>? look = null)
    {
        using BootChild child = BootChild.Start(program, NamespaceFlags.None, [], traced: true);
        while (child.Receive(out _, out _) != MessageKind.Closed) child.Answer();
        WaitStatus status = Kernel.Wait(child.Pid);
        look?.Invoke(child);
        return status;
    }
}
