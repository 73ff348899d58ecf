using CsCheck;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Tests.Seccomp;

/// <summary>Filters against libseccomp and against what the profile means, call by call.</summary>
public sealed class SeccompCompilerTests
{
    [Theory]
    [InlineData(SystemCallAbi.X64, false)]
    [InlineData(SystemCallAbi.X64, true)]
    [InlineData(SystemCallAbi.Arm64, false)]
    internal void Podman_s_profile_gives_the_verdicts_of_libseccomp(SystemCallAbi native, bool allCapabilities)
    {
        Libseccomp.Require();
        Assert.True(Verdicts.Compare(Profiles.OfPodman(native, allCapabilities), native));
        Assert.True(Verdicts.Compare(Profiles.OfPodman(native, allCapabilities) with { Default = SeccompVerdict.Errno | 1 }, native, optimize: true));
        Assert.True(Verdicts.Compare(Profiles.OfPodman(native, allCapabilities) with { Abis = [] }, native));
    }

    [Fact]
    public void Any_profile_with_one_verdict_besides_the_default_gives_the_verdicts_of_libseccomp()
    {
        Libseccomp.Require();
        int compared = 0;
        Profiles.Random(SystemCallAbi.X64, mixed: false).Sample(profile => { if (Verdicts.Compare(profile, trusted: false)) Interlocked.Increment(ref compared); }, iter: 150, print: Verdicts.Text);
        Profiles.Random(SystemCallAbi.Arm64, mixed: false).Sample(profile => { if (Verdicts.Compare(profile, SystemCallAbi.Arm64, trusted: false)) Interlocked.Increment(ref compared); }, iter: 50, print: Verdicts.Text);
        Assert.True(compared > 150, $"libseccomp answered for {compared} of the 200 profiles only");
    }

    [Fact]
    public void Any_profile_with_different_verdicts_for_one_system_call_gives_the_verdicts_of_libseccomp()
    {
        Libseccomp.Require();
        int compared = 0;
        Profiles.Random(SystemCallAbi.X64, mixed: true).Sample(profile => { if (Verdicts.Compare(profile, trusted: false)) Interlocked.Increment(ref compared); }, iter: 150, print: Verdicts.Text);
        Assert.True(compared > 10, $"libseccomp took {compared} of the profiles only");
    }

    [Fact]
    public void A_profile_of_podman_is_a_tenth_of_libseccomp_s_in_instructions_that_run()
    {
        Libseccomp.Require();
        SeccompProfile profile = Profiles.OfPodman(SystemCallAbi.X64);
        byte[] ours = SeccompCompiler.Compile(profile, SystemCallAbi.X64).Program.ToArray(), theirs = Libseccomp.Compile(profile, SystemCallAbi.X64)!;
        (long mine, long their) = (0, 0);
        for (uint number = 0; number < 470; number++)
        {
            BpfMachine.Run(ours, new CallData(FilterArchitecture.AuditX64, number), out int steps);
            mine += steps;
            BpfMachine.Run(theirs, new CallData(FilterArchitecture.AuditX64, number), out steps);
            their += steps;
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{ours.Length / 8} instructions against {theirs.Length / 8}; over all system calls {mine} run against {their}");
        Assert.True(mine * 10 < their, $"{mine} against {their}");
    }

    [Fact]
    public void A_filter_longer_than_the_kernel_takes_is_refused_in_words()
    {
        SeccompCondition[][] many = [.. Enumerable.Range(0, 2000).Select(i => new[] { SeccompCondition.Of(0, LinuxSeccompOperator.EqualTo, (ulong)i, 0) })];
        var profile = new SeccompProfile(SeccompVerdict.Errno | 1, [], [new SeccompEntry(["read"], SeccompVerdict.Allow, many)], 0, false);
        LittleboxException error = Assert.Throws<LittleboxException>(() => SeccompCompiler.Compile(profile, SystemCallAbi.X64));
        Assert.Contains("the kernel takes 4096 at most", error.Message);
    }

    [Fact]
    public void A_filter_of_thousands_of_instructions_still_jumps_to_the_right_place()
    {
        Libseccomp.Require();
        SeccompEntry[] entries = [.. Enumerable.Range(0, 200).Where(i => Libseccomp.Knows(SystemCallTable.Name(i))).Select(i => new SeccompEntry([SystemCallTable.Name(i)], i % 3 == 0 ? SeccompVerdict.Allow : SeccompVerdict.Errno | (uint)i,
            [[SeccompCondition.Of(i % 6, (LinuxSeccompOperator)(i % 7), (ulong)i << 31, (ulong)i << 30)]]))];
        var profile = new SeccompProfile(SeccompVerdict.Trap, [SystemCallAbi.X86, SystemCallAbi.X32], entries, 0, false);
        Assert.True(SeccompCompiler.Compile(profile, SystemCallAbi.X64).Count > 1000);
        Assert.True(Verdicts.Compare(profile));
    }

    [Fact]
    public void A_system_call_newer_than_the_profile_is_answered_ENOSYS_unless_the_default_lets_it_through()
    {
        SeccompEntry[] entries = [new(["read", "openat2"], SeccompVerdict.Allow, [[]])];
        foreach (uint fallback in new uint[] { SeccompVerdict.Errno | 1, SeccompVerdict.KillProcess, SeccompVerdict.Trap })
        {
            byte[] filter = SeccompCompiler.Compile(new SeccompProfile(fallback, [SystemCallAbi.X32], entries, 0, false), SystemCallAbi.X64).Program.ToArray();
            Assert.Equal(fallback, BpfMachine.Run(filter, new CallData(FilterArchitecture.AuditX64, 436)));
            Assert.Equal(SeccompVerdict.Allow, BpfMachine.Run(filter, new CallData(FilterArchitecture.AuditX64, 437)));
            Assert.Equal(SeccompVerdict.NotImplemented, BpfMachine.Run(filter, new CallData(FilterArchitecture.AuditX64, 438)));
            Assert.Equal(SeccompVerdict.NotImplemented, BpfMachine.Run(filter, new CallData(FilterArchitecture.AuditX64, 438 | SystemCallTable.X32Bit)));
            Assert.Equal(SeccompVerdict.KillThread, BpfMachine.Run(filter, new CallData(FilterArchitecture.AuditX86, 438)));
        }
        foreach (uint fallback in new uint[] { SeccompVerdict.Log, SeccompVerdict.Trace | 1, SeccompVerdict.Allow })
        {
            byte[] filter = SeccompCompiler.Compile(new SeccompProfile(fallback, [], [new(["read", "openat2"], SeccompVerdict.Trap, [[]])], 0, false), SystemCallAbi.X64).Program.ToArray();
            Assert.Equal(fallback, BpfMachine.Run(filter, new CallData(FilterArchitecture.AuditX64, 438)));
        }
    }

    [Fact]
    public void A_rule_means_what_it_says_where_libseccomp_compares_the_wrong_half()
    {
        SeccompEntry[] entries =
        [
            new(["socket"], SeccompVerdict.KillProcess, [[SeccompCondition.Of(1, LinuxSeccompOperator.LessThan, 0x78a7970, 0)]]),
            new(["socket"], SeccompVerdict.Errno | 38, [[SeccompCondition.Of(1, LinuxSeccompOperator.GreaterThan, 0x100000001, 0)]]),
        ];
        byte[] filter = SeccompCompiler.Compile(new SeccompProfile(SeccompVerdict.Errno | 1, [], entries, 0, false), SystemCallAbi.X64).Program.ToArray();
        Assert.Equal(SeccompVerdict.Errno | 1, BpfMachine.Run(filter, new CallData(FilterArchitecture.AuditX64, 41, A1: 0x78a7971)));
        Assert.Equal(SeccompVerdict.Errno | 38, BpfMachine.Run(filter, new CallData(FilterArchitecture.AuditX64, 41, A1: 0x100000002)));
        Assert.Equal(SeccompVerdict.KillProcess, BpfMachine.Run(filter, new CallData(FilterArchitecture.AuditX64, 41, A1: 0x78a796f)));
    }

    [Fact]
    public void A_filter_is_readable()
    {
        SeccompEntry[] entries = [new(["read"], SeccompVerdict.Allow, [[SeccompCondition.Of(2, LinuxSeccompOperator.LessEqual, 7, 0)]]), new(["exit_group"], SeccompVerdict.Log, [[]])];
        string text = string.Join('\n', SeccompCompiler.Compile(new SeccompProfile(SeccompVerdict.Errno | 1, [], entries, 0, false), SystemCallAbi.X64).Describe());
        foreach (string part in new[] { "load architecture", "(read)", "(exit_group)", "return ERRNO(EPERM)", "return ERRNO(ENOSYS)", "load argument 2 high", "return LOG", "x86_64" })
            Assert.Contains(part, text, StringComparison.Ordinal);
    }
}
