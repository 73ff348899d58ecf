using System.Text;
using Littlebox.Linux;

namespace Littlebox.Images.Tests.Tools;

/// <summary>A tree with one of everything that a root file system may hold, and of what tars have got wrong.</summary>
public static class SampleTree
{
    /// <summary>Makes it in a new directory.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="isPlain">Only what the oldest forms of tar can say.</param>
    public static string Make(Workspace workspace, string name, bool isPlain)
    {
        string path = workspace.MakeDirectory(name);
        workspace.Shell($$"""
            cd {{name}}
            mkdir -p bin etc var/empty deep/er/still
            printf hello >bin/hello; chmod 4755 bin/hello
            ln bin/hello bin/hello-again; ln bin/hello etc/third
            : >etc/empty; chmod 600 etc/empty
            head -c 512 /dev/urandom >etc/block; head -c 513 /dev/urandom >etc/block-and-one
            head -c 700000 /dev/urandom >var/large; chmod 400 var/large
            ln -s ../bin/hello etc/relative; ln -s /etc/passwd etc/absolute; ln -s /nowhere/at/all etc/dangling
            ln -s bin sbin
            mkfifo var/pipe; chmod 622 var/pipe
            printf x >'deep/er/with space'; printf y >deep/-dash; printf z >deep/er/still/.hidden
            touch -h -d @1600000000 etc/relative; touch -d @0 etc/empty; touch -d @1234567890 etc/block
            chmod 2755 deep; chmod 1777 var/empty; chmod 555 deep/er/still; touch -d @1500000000 deep deep/er deep/er/still var/empty bin etc var .
            """);
        if (!isPlain) AddModern(workspace, name, path);
        return path;
    }

    private static void AddModern(Workspace workspace, string name, string path)
    {
        string long255 = new('n', 255), long100 = new('h', 100), long101 = new('i', 101);
        workspace.Shell($$"""
            cd {{name}}
            mkdir modern; cd modern
            echo 100 >{{long100}}; echo 101 >{{long101}}; echo 255 >{{long255}}; mkdir -p {{long100}}d/{{long101}}/{{long255}}
            echo deep >{{long100}}d/{{long101}}/{{long255}}/file
            ln {{long100}}d/{{long101}}/{{long255}}/file hard-to-long
            ln -s {{new string('t', 200)}}/{{new string('u', 200)}} long-target
            printf old >old; touch -d '1955-11-05 06:15:00.123456789 UTC' old
            printf new >new; touch -d '2446-05-10 00:00:00.5 UTC' new
            printf grüße >'grüße ☃'; printf n >$'new\nline'; printf '\\' >'back\slash'; printf q >'quote"'
            truncate -s 3000000 holes
            truncate -s 1000000 only-hole; printf end >end-hole; truncate -s 200000 end-hole; printf start >start-hole; truncate -s 90000 start-hole; printf last >>start-hole
            """);
        using (FileStream holes = File.OpenWrite($"{path}/modern/holes"))
        {
            for (int i = 1; i <= 40; i++)
            {
                holes.Position = i * 65536;
                holes.Write(Encoding.ASCII.GetBytes($"data {i}"));
            }
        }
        // Words compress, random bytes do not: both must come back.
        File.WriteAllLines($"{path}/modern/text", Enumerable.Range(0, 3000).Select(i => $"line {i} of a text, {i * i % 97}"));
        using Descriptor directory = Workspace.Open($"{path}/modern");
        using (Descriptor file = KernelBytes.OpenAt2(directory.Number, (byte[])[0xff, 0xfe, (byte)'x', 0x80], OpenFlags.WriteOnly | OpenFlags.Create, mode: 0x1a4))
        {
            Kernel.Write(file.Number, "not utf-8"u8);
            SetAttribute(file, "user.binary", [0, 1, (byte)'\n', (byte)'=', 0xff, 0]);
            SetAttribute(file, "user.empty", []);
            SetAttribute(file, "user.text", Encoding.UTF8.GetBytes("grüße"));
        }
        KernelBytes.MkdirAt(directory.Number, (byte[])[0xc3, 0x28], 0x1ed);
        KernelBytes.SymlinkAt((byte[])[0xe2, 0x82], directory.Number, (byte[])[(byte)'l', 0xa0]);
        using (Descriptor inner = KernelBytes.OpenAt2(directory.Number, (byte[])[0xc3, 0x28], OpenFlags.ReadOnly | OpenFlags.Directory)) SetAttribute(inner, "user.on-directory", [1, 2, 3]);
        workspace.Shell($"cd {name}/modern; touch -d @1500000001.25 holes only-hole end-hole start-hole text .");
    }

    private static void SetAttribute(Descriptor file, string name, byte[] value)
    {
        int result = KernelBytes.TrySetAttribute(file.Number, Encoding.ASCII.GetBytes(name), value);
        Kernel.Check(result, $"fsetxattr({Fd.Of(file.Number)}, {name}, …)");
    }
}

/// <summary>Both trees, made once for all tests of a class, which only read them.</summary>
public sealed class SampleTrees : IDisposable
{
    private readonly Workspace workspace = new();

    public SampleTrees()
    {
        Plain = SampleTree.Make(workspace, "plain", isPlain: true);
        Modern = SampleTree.Make(workspace, "modern", isPlain: false);
    }

    public string Plain { get; }

    public string Modern { get; }

    public void Dispose() => workspace.Dispose();
}
