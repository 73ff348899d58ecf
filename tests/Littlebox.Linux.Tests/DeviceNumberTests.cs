using System.Globalization;
using System.Text;
using Littlebox.Linux.Tests.Abi;

namespace Littlebox.Linux.Tests;

public sealed class DeviceNumberTests
{
    [Fact]
    public void A_device_number_is_that_of_makedev()
    {
        (uint Major, uint Minor)[] numbers = [(0, 0), (1, 3), (5, 2), (136, 0), (136, 1234), (8, 255), (8, 256), (259, 65536), (4095, 1048575), (4096, 4294967295), (4294967295, 1)];
        var source = new StringBuilder(KernelHeaders.Libc).AppendLine("int main(void) {");
        foreach ((uint major, uint minor) in numbers) source.AppendLine(CultureInfo.InvariantCulture, $"printf(\"%llu\\n\", (unsigned long long)makedev({major}u, {minor}u));");
        string[] expected = CProgram.Run(source.AppendLine("return 0; }").ToString()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, numbers.Select(number => DeviceNumber.Of(number.Major, number.Minor).ToString(CultureInfo.InvariantCulture)));
    }
}
