using System.Globalization;

namespace Littlebox.Linux.Tests;

/// <summary>The handler is machine code and its registration the kernel's own structure: both are proved by use.</summary>
public sealed class SignalPipeTests
{
    [Fact]
    public void Signals_arrive_in_the_pipe_and_the_earlier_handlers_come_back()
    {
        Assert.Equal(0UL, Caught());
        using (var pipe = new SignalPipe())
        {
            // Real-time signals, which nothing else in this process uses.
            pipe.Catch(50);
            pipe.Catch(51);
            Assert.Equal(3UL, Caught());
            for (int i = 0; i < 100; i++)
            {
                Kernel.Kill(Kernel.ProcessId, 50 + i % 2);
                PollDescriptor[] wanted = [new() { Descriptor = pipe.Number, Events = PollEvents.Readable }];
                for (int tries = 0; Kernel.Poll(wanted, 1000) == 0; tries++) Assert.True(tries < 10, "the signal has not come");
                Assert.Equal(50 + i % 2, pipe.Next());
            }
            Assert.Equal(0, pipe.Next());
        }
        Assert.Equal(0UL, Caught());
    }

    // Of signals 50 and 51 only: others are caught as tests beside this one start processes.
    private static ulong Caught() =>
        ulong.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("SigCgt:", StringComparison.Ordinal))[7..], NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) >> 49 & 3;
}
