namespace Littlebox.Linux.Tests;

public sealed class SignalTests
{
    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("term", 15)]
    [InlineData("SIGKILL", 9)]
    [InlineData("sigint", 2)]
    [InlineData("28", 28)]
    [InlineData("64", 64)]
    public void A_signal_is_known_by_its_name_with_or_without_SIG_and_by_its_number(string text, int number) => Assert.Equal(number, Signal.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("SIG0")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("+9")]
    [InlineData(" 9")]
    [InlineData("9 ")]
    [InlineData("0x9")]
    [InlineData("99999999999999999999")]
    [InlineData("SIG")]
    [InlineData("SIGSIGKILL")]
    [InlineData("SIG9")]
    [InlineData("KILLED")]
    [InlineData("KILL\n")]
    public void What_is_no_signal_is_refused_and_does_not_become_another(string text) => Assert.Null(Signal.Parse(text));

    [Fact]
    public void A_signal_without_a_name_prints_its_number()
    {
        Assert.Equal("SIGKILL", Signal.NameOf(9));
        Assert.Equal("SIGSYS", Signal.NameOf(31));
        Assert.Equal("signal 40", Signal.NameOf(40));
        Assert.Equal("signal 0", Signal.NameOf(0));
        Assert.Equal("signal -1", Signal.NameOf(-1));
    }
}
