using System.Text;

namespace Littlebox.Oci.Tests;

/// <summary>Twenty thousand damaged documents: each is read, or refused with the one exception.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int Seed = 20260101;

    private static readonly string[] Scraps = ["null", "{}", "[]", "-1", "1e999", "18446744073709551616", "\"\"", "\"\\u0000\"", "\\ud800", ",", "{", "}", "[", "]", "\"", ":"];

    [Fact]
    public void A_damaged_document_is_read_or_refused_and_nothing_else()
    {
        output.WriteLine($"seed {Seed}");
        byte[] whole = Encoding.UTF8.GetBytes(Samples.Full);
        Random random = new(Seed);
        int read = 0, refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = Damage(whole, random);
            try
            {
                SpecReader.Read(damaged);
                read++;
            }
            catch (ConfigException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"mutation {i} of seed {Seed}: {e}");
            }
        }
        output.WriteLine($"{read} read, {refused} refused");
        Assert.True(read > 100 && refused > 100);
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        List<byte> bytes = [.. whole];
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int at = random.Next(bytes.Count);
            int count = Math.Min(random.Next(1, 30), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(count, bytes.Count - 1)); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, count)); break;
                case 3: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Scraps[random.Next(Scraps.Length)])); break;
                default: bytes[at] = (byte)"0123456789abzAZ"[random.Next(15)]; break;
            }
        }
        return [.. bytes];
    }
}
