using CsCheck;
using Littlebox.Linux;
using Littlebox.Runtime.Users;

namespace Littlebox.Runtime.Tests;

/// <summary>Who a user is, by the root's own files; what cannot be read is an error, and never root.</summary>
public sealed class UserLookupTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly RootDirectory root;

    public UserLookupTests()
    {
        directory.Write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1001:Alice:/home/alice:/bin/sh\n\nbroken\nbob:x:bob:5::/:\nwrap:x:4294967296:0::/:\n");
        directory.Write("etc/group", "root:x:0:\nstaff:x:50:bob,alice\naudio:x:63:alice\nbad:x:-1:\nalicex:x:70:alicex\n");
        root = RootDirectory.Open(directory.Path);
    }

    public void Dispose()
    {
        root.Dispose();
        directory.Dispose();
    }

    [Theory]
    [InlineData("", "0:0", "", "/root")]
    [InlineData("root", "0:0", "", "/root")]
    [InlineData("alice", "1000:1001", "50,63", "/home/alice")]
    [InlineData("1000", "1000:1001", "50,63", "/home/alice")]
    [InlineData("alice:audio", "1000:63", "", "/home/alice")]
    [InlineData("alice:7", "1000:7", "", "/home/alice")]
    [InlineData("4711", "4711:0", "", "/")]
    [InlineData("4711:4712", "4711:4712", "", "/")]
    [InlineData("4294967294", "4294967294:0", "", "/")]
    public void A_user_is_found(string text, string ids, string groups, string home)
    {
        UserIds user = UserLookup.Find(root, text);
        Assert.Equal((ids, groups, home), ($"{user.Uid}:{user.Gid}", string.Join(',', user.Groups), user.Home));
    }

    [Theory]
    [InlineData("1000:")]
    [InlineData(":5")]
    [InlineData(":")]
    [InlineData("-1")]
    [InlineData("+0")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("18446744073709551616")]
    [InlineData("0x0")]
    [InlineData("0 ")]
    [InlineData(" 0")]
    [InlineData("1e3")]
    [InlineData("٠")]
    [InlineData("root:root:root")]
    [InlineData("root:-1")]
    [InlineData("root:4294967295")]
    [InlineData("mallory")]
    [InlineData("alice:mallory")]
    [InlineData("broken")]
    [InlineData("bob")]
    [InlineData("wrap")]
    [InlineData("root:bad")]
    [InlineData("root\n")]
    public void What_is_no_user_is_refused(string text)
    {
        LittleboxException error = Assert.Throws<LittleboxException>(() => UserLookup.Find(root, text));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.StartsWith("--user=" + text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_a_user_as_it_says_or_an_error() => Gen.String[Gen.Char["0123456789:-+x aroot.\n"], 0, 12].Sample(text =>
    {
        try
        {
            UserIds user = UserLookup.Find(root, text);
            string first = text.Split(':')[0];
            return text.Length == 0 || first is "root" or "alice" ? user.Uid is 0 or 1000 : user.Uid == uint.Parse(first);
        }
        catch (LittleboxException error)
        {
            return error.Kind == ErrorKind.InvalidArgument;
        }
    }, iter: 3000);

    [Fact]
    public void Any_passwd_file_is_read_or_refused_and_gives_nobody_the_rights_of_root_that_it_does_not_say() =>
        Gen.String[Gen.Char["alice:x0123456789-\n/\0"], 0, 80].Sample(content =>
        {
            directory.Write("etc/passwd", content);
            try
            {
                UserIds user = UserLookup.Find(root, "alice");
                return content.Split('\n').Select(static line => line.Split(':')).First(static fields => fields.Length >= 7 && fields[0] == "alice")[2].TrimStart('0') == (user.Uid == 0 ? "" : $"{user.Uid}");
            }
            catch (LittleboxException error)
            {
                return error.Kind == ErrorKind.InvalidArgument;
            }
        }, iter: 500, threads: 1);

    [Fact]
    public void A_file_that_is_too_large_is_an_error_for_people()
    {
        directory.Write("etc/passwd", new string('\n', (1 << 20) + 1));
        Assert.Contains("larger than 1 MiB", Assert.Throws<LittleboxException>(() => UserLookup.Find(root, "alice")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_files_there_are_numbers_only()
    {
        Directory.Delete(directory["etc"], recursive: true);
        Assert.Equal(7u, UserLookup.Find(root, "7").Uid);
        Assert.Equal("/root", UserLookup.Find(root, "").Home);
        Assert.Throws<LittleboxException>(() => UserLookup.Find(root, "root"));
    }

    [Fact]
    public void A_passwd_file_that_is_a_link_out_of_the_root_is_not_the_host_s()
    {
        File.Delete(directory["etc/passwd"]);
        File.CreateSymbolicLink(directory["etc/passwd"], "/../../../../../../../../../etc/passwd");
        // Beneath the root it leads to itself.
        Assert.Throws<LittleboxException>(() => UserLookup.Find(root, "root"));
    }

    [Fact]
    public void A_file_that_is_a_pipe_does_not_make_anybody_wait()
    {
        File.Delete(directory["etc/passwd"]);
        System.Diagnostics.Process.Start("mkfifo", [directory["etc/passwd"]]).WaitForExit();
        Assert.Throws<LittleboxException>(() => UserLookup.Find(root, "alice"));
    }
}
