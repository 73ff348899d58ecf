namespace Littlebox.Linux.Tests;

public sealed class CallTextTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(-4096)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void A_call_that_succeeded_evaluates_nothing_of_its_text(long result)
    {
        int evaluated = 0;
        Assert.Equal((nint)result, Kernel.Check((nint)result, $"call({Count()}, {Count()})"));
        Assert.Equal(0, evaluated);

        long Count() => ++evaluated;
    }

    [Theory]
    [InlineData(-1, Errno.EPERM)]
    [InlineData(-133, Errno.EHWPOISON)]
    [InlineData(-4095, (Errno)4095)]
    public void Every_result_from_minus_4095_to_minus_1_is_an_error(int result, Errno error)
    {
        Assert.Equal(error, Kernel.ErrorOf(result));
        Assert.Equal(error, Assert.Throws<SystemCallException>(() => Kernel.Check(result, $"call()")).Error);
    }

    [Fact]
    public void Each_kind_of_argument_prints_in_its_own_way()
    {
        string? nothing = null;
        ReadOnlySpan<byte> bytes = [1, (byte)'x'];
        string text = "";
        try
        {
            Kernel.Check(-22, $"call({"it's \"so\""}, {nothing}, {bytes}, {-5}, {Fd.Of(-100)}, {new Words("A|B")}, {Errno.EIO}, {3u})");
        }
        catch (SystemCallException failure)
        {
            text = failure.Message;
        }
        Assert.Equal("call(\"it's \\\"so\\\"\", NULL, \"\\x01x\", -5, AT_FDCWD, A|B, EIO, 3) = -1 EINVAL (Invalid argument)", text);
    }

    [Fact]
    public void An_error_without_a_name_prints_its_number() =>
        Assert.Equal("call() = -1 4000 (Unknown error 4000)", Assert.Throws<SystemCallException>(() => Kernel.Check(-4000, $"call()")).Message);
}
