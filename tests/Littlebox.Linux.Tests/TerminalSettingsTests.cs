using System.Globalization;
using System.Text;
using Littlebox.Linux.Tests.Abi;

namespace Littlebox.Linux.Tests;

public sealed class TerminalSettingsTests
{
    [Fact]
    public unsafe void Raw_settings_are_those_of_cfmakeraw()
    {
        var random = new Random(20260101);
        TerminalSettings[] before = [.. Enumerable.Range(0, 300).Select(index => Some(index, random))];
        var input = new StringBuilder();
        foreach (TerminalSettings settings in before) input.AppendLine(Print(settings));

        string output = CProgram.Run(KernelHeaders.Libc + """
            int main(void) {
                struct termios t;
                unsigned c;
                while (scanf("%u %u %u %u", &t.c_iflag, &t.c_oflag, &t.c_cflag, &t.c_lflag) == 4) {
                    for (int i = 0; i < 19; i++) { scanf("%u", &c); t.c_cc[i] = c; }
                    cfmakeraw(&t);
                    printf("%u %u %u %u", t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag);
                    for (int i = 0; i < 19; i++) printf(" %u", t.c_cc[i]);
                    puts("");
                }
                return 0;
            }
            """, input.ToString());

        Assert.Equal(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), before.Select(settings => Print(settings.Raw())));
    }

    [Fact]
    public void A_pipe_is_no_terminal()
    {
        (Descriptor read, Descriptor write) = Kernel.Pipe();
        using (read)
        using (write)
        {
            Assert.False(Kernel.IsTerminal(read.Number));
            Assert.False(Kernel.TryGetWindowSize(write.Number, out _));
        }
    }

    [Fact]
    public void A_pseudoterminal_takes_settings_and_size()
    {
        using Descriptor master = Kernel.OpenAt2(Text.Strace.CurrentDirectory, "/dev/ptmx", OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal);
        Assert.True(Kernel.TryGetTerminal(master.Number, out TerminalSettings settings));
        Kernel.SetTerminal(master.Number, settings.Raw());
        Assert.True(Kernel.TryGetTerminal(master.Number, out TerminalSettings raw));
        Assert.Equal(Print(settings.Raw()), Print(raw));
        Kernel.SetWindowSize(master.Number, new WindowSize { Rows = 40, Columns = 132 });
        Assert.True(Kernel.TryGetWindowSize(master.Number, out WindowSize size));
        Assert.Equal((40, 132), (size.Rows, size.Columns));
    }

    // The first ones have a single bit set each, the others are arbitrary.
    private static unsafe TerminalSettings Some(int index, Random random)
    {
        uint bit = index < 32 ? 1u << index : 0;
        var settings = new TerminalSettings { Input = bit, Output = bit, Control = bit, Local = bit };
        if (index >= 64)
            settings = new TerminalSettings { Input = (uint)random.NextInt64(1L << 32), Output = (uint)random.NextInt64(1L << 32), Control = (uint)random.NextInt64(1L << 32), Local = (uint)random.NextInt64(1L << 32) };
        for (int i = 0; i < 19; i++) settings.Characters[i] = (byte)random.Next(256);
        return settings;
    }

    private static unsafe string Print(TerminalSettings settings)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{settings.Input} {settings.Output} {settings.Control} {settings.Local}");
        for (int i = 0; i < 19; i++) text.Append(CultureInfo.InvariantCulture, $" {settings.Characters[i]}");
        return text.ToString();
    }
}
