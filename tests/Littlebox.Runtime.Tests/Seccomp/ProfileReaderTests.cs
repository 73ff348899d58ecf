using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Tests.Seccomp;

/// <summary>What a profile of config.json becomes: verdicts, alternatives, flags, and what is refused.</summary>
public sealed class ProfileReaderTests
{
    [Theory]
    [InlineData(LinuxSeccompAction.Kill, null, 0u)]
    [InlineData(LinuxSeccompAction.KillThread, null, 0u)]
    [InlineData(LinuxSeccompAction.KillProcess, null, 0x80000000)]
    [InlineData(LinuxSeccompAction.Trap, null, 0x00030000u)]
    [InlineData(LinuxSeccompAction.Errno, null, 0x00050001u)]
    [InlineData(LinuxSeccompAction.Errno, 38u, 0x00050026u)]
    [InlineData(LinuxSeccompAction.Errno, 0u, 0x00050000u)]
    [InlineData(LinuxSeccompAction.Trace, null, 0x7ff00001u)]
    [InlineData(LinuxSeccompAction.Trace, 7u, 0x7ff00007u)]
    [InlineData(LinuxSeccompAction.Allow, null, 0x7fff0000u)]
    [InlineData(LinuxSeccompAction.Log, null, 0x7ffc0000u)]
    [InlineData(LinuxSeccompAction.Notify, null, 0x7fc00000u)]
    public void An_action_becomes_the_kernel_s_verdict(LinuxSeccompAction action, uint? errno, uint verdict) =>
        Assert.Equal(verdict, ProfileReader.Read(With(new LinuxSyscall { Names = ["getppid"], Action = action, ErrnoRet = errno })).Entries[0].Verdict);

    [Fact]
    public void An_errno_for_an_action_without_one_is_refused()
    {
        LittleboxException error = Assert.Throws<LittleboxException>(() => ProfileReader.Read(With(new LinuxSyscall { Names = ["read"], Action = LinuxSeccompAction.Allow, ErrnoRet = 1 })));
        Assert.Contains("ALLOW of the seccomp profile takes no errnoRet", error.Message);
        Assert.Throws<LittleboxException>(() => ProfileReader.Read(new LinuxSeccomp { DefaultAction = LinuxSeccompAction.KillProcess, DefaultErrnoRet = 1 }));
        Assert.Throws<LittleboxException>(() => ProfileReader.Read(new LinuxSeccomp { DefaultAction = LinuxSeccompAction.Errno, DefaultErrnoRet = 65536 }));
    }

    [Fact]
    public void Two_conditions_on_one_argument_are_alternatives_and_others_hold_together()
    {
        LinuxSeccompArg first = new() { Index = 2, Operator = LinuxSeccompOperator.EqualTo, Value = 1 }, second = first with { Index = 0 }, third = first with { Value = 3 };
        SeccompProfile profile = ProfileReader.Read(With(
            new LinuxSyscall { Names = ["read"], Action = LinuxSeccompAction.Allow, Args = [first, second] },
            new LinuxSyscall { Names = ["read"], Action = LinuxSeccompAction.Allow, Args = [first, second, third] }));
        Assert.Equal([0, 2], Assert.Single(profile.Entries[0].Alternatives).Select(condition => condition.Index));
        Assert.Equal([[2], [0], [2]], profile.Entries[1].Alternatives.Select(all => all.Select(condition => condition.Index).ToArray()));
        Assert.Throws<LittleboxException>(() => ProfileReader.Read(With(new LinuxSyscall { Names = ["read"], Action = LinuxSeccompAction.Allow, Args = [first with { Index = 6 }] })));
    }

    [Fact]
    public void Flags_are_passed_as_runc_passes_them()
    {
        LinuxSeccompFlag[] all = Enum.GetValues<LinuxSeccompFlag>();
        Assert.Equal(SeccompFlags.SpecAllow, SeccompFlags.Of(null, notifies: false));
        Assert.Equal(0u, SeccompFlags.Of([], notifies: false));
        Assert.Equal(SeccompFlags.Log | SeccompFlags.SpecAllow, SeccompFlags.Of(all, notifies: false));
        Assert.Equal(SeccompFlags.Log | SeccompFlags.SpecAllow | SeccompFlags.NewListener | SeccompFlags.WaitKillableReceive, SeccompFlags.Of(all, notifies: true));
        Assert.Equal("SECCOMP_FILTER_FLAG_LOG|SECCOMP_FILTER_FLAG_NEW_LISTENER", SeccompFlags.Text(10));
    }

    [Fact]
    public void An_agent_can_be_asked_about_neither_everything_nor_write()
    {
        Assert.Throws<LittleboxException>(() => ProfileReader.Read(new LinuxSeccomp { DefaultAction = LinuxSeccompAction.Notify }));
        Assert.Throws<LittleboxException>(() => ProfileReader.Read(With(new LinuxSyscall { Names = ["read", "write"], Action = LinuxSeccompAction.Notify })));
        Assert.True(ProfileReader.Read(With(new LinuxSyscall { Names = ["read"], Action = LinuxSeccompAction.Notify })).Notifies);
    }

    [Fact]
    public void An_architecture_that_no_kernel_of_ours_can_be_called_by_is_left_out()
    {
        var seccomp = new LinuxSeccomp { DefaultAction = LinuxSeccompAction.Allow, Architectures = Enum.GetValues<LinuxSeccompArchitecture>() };
        Assert.Equal(Enum.GetValues<SystemCallAbi>(), ProfileReader.Read(seccomp).Abis.Order());
        Assert.Equal(SeccompFilter.Compile(new LinuxSeccomp { DefaultAction = LinuxSeccompAction.Allow }).Program.ToArray(),
            SeccompFilter.Compile(new LinuxSeccomp { DefaultAction = LinuxSeccompAction.Allow, Architectures = [LinuxSeccompArchitecture.S390X] }).Program.ToArray());
    }

    private static LinuxSeccomp With(params LinuxSyscall[] calls) => new() { DefaultAction = LinuxSeccompAction.Errno, Syscalls = calls };
}
