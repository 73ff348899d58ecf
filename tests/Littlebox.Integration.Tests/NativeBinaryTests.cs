namespace Littlebox.Integration.Tests;

public sealed class NativeBinaryTests
{
    [Fact]
    public void The_native_binary_tells_its_version() => Assert.Matches(@"^littlebox \d+\.\d+\.\d+", NativeBinary.Run("--version").ExpectSuccess().Output);
}
