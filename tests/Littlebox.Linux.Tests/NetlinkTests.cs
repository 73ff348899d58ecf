namespace Littlebox.Linux.Tests;

/// <summary>Requests and answers of netlink: lengths that are true, whatever is put in.</summary>
public sealed class NetlinkTests
{
    [Fact]
    public void Attributes_of_any_length_are_read_back_as_they_were_written_or_refused()
    {
        var random = new Random(20_211_206);
        for (int round = 0; round < 2_000; round++)
        {
            byte[][] values = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Bytes(random, random.Next(10) == 0 ? random.Next(60_000, 65_532) : random.Next(0, 40)))];
            var request = new NetlinkRequest(16, 1, Bytes(random, 16));
            for (int i = 0; i < values.Length; i++) request.Add((ushort)(i + 1), values[i]);
            NetlinkMessage message = Assert.Single(NetlinkMessage.Parse(request.ToArray(7)));
            Assert.Equal((16, 7u), (message.Type, message.Sequence));
            for (int i = 0; i < values.Length; i++) Assert.True(message.Attribute((ushort)(i + 1), 16).SequenceEqual(values[i]));
            Assert.True(message.Attribute(99, 16).IsEmpty);
        }
    }

    [Theory]
    [InlineData(65_531, true)]
    [InlineData(65_532, false)]
    [InlineData(65_536, false)]
    [InlineData(131_072, false)]
    public void A_value_that_would_overflow_the_sixteen_bits_of_its_length_is_refused_and_nothing_of_it_is_sent(int length, bool fits)
    {
        var request = new NetlinkRequest(16, 1, new byte[16]);
        if (fits) Assert.Equal(length, Assert.Single(NetlinkMessage.Parse(request.Add(1, new byte[length]).ToArray(1))).Attribute(1, 16).Length);
        else Assert.Throws<ArgumentException>(() => request.Add(1, new byte[length]));
        if (!fits) Assert.Equal(32, request.ToArray(1).Length);
    }

    [Fact]
    public void Damaged_answers_are_read_to_their_end_and_no_further()
    {
        var random = new Random(5);
        byte[] good = new NetlinkRequest(16, 1, new byte[16]).Add(3, "eth0").Add(28, 7u).ToArray(1);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = [.. good, .. good];
            for (int i = random.Next(1, 6); i > 0; i--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            foreach (NetlinkMessage message in NetlinkMessage.Parse(damaged.AsMemory(0, random.Next(damaged.Length + 1)))) _ = message.Attribute(3, 16).Length + message.Attribute(28, 16).Length;
        }
    }

    [Fact]
    public void The_links_of_this_machine_and_their_addresses_are_listed()
    {
        using RouteSocket socket = RouteSocket.Open();
        NetworkLink loopback = Assert.Single(socket.Links(), static link => link.Name == "lo");
        Assert.Equal(File.Exists("/sys/class/net/lo") || Directory.Exists("/sys/class/net/lo"), loopback.Index > 0);
        if (loopback.IsUp) Assert.Contains(socket.Addresses(loopback.Index), static address => address.Family == 2 && address.Local.AsSpan().SequenceEqual(new byte[] { 127, 0, 0, 1 }));
        // The kernel asks who we are before it looks for the link.
        Assert.Equal(Kernel.EffectiveUid == 0 ? Errno.ENODEV : Errno.EPERM, Assert.Throws<SystemCallException>(() => socket.SetUp(int.MaxValue, true)).Error);
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
