using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Images.Store;

/// <summary>The root that is built into this program: Debian's busybox-static with a link for each of its commands, and the few files that a login wants.</summary>
internal static class DefaultRoot
{
    private static readonly (string Path, int Mode)[] Directories =
    [
        ("bin", 0x1ed), ("dev", 0x1ed), ("etc", 0x1ed), ("home", 0x1ed), ("home/box", 0x1ed), ("mnt", 0x1ed), ("proc", 0x1ed), ("root", 0x1c0), ("run", 0x1ed),
        ("sys", 0x1ed), ("tmp", 0x3ff), ("usr", 0x1ed), ("var", 0x1ed), ("var/log", 0x1ed), ("var/tmp", 0x3ff),
    ];

    // Every path that scripts name leads to the one directory of commands.
    private static readonly (string Path, string Target)[] Links =
    [
        ("sbin", "bin"), ("usr/bin", "../bin"), ("usr/sbin", "../bin"), ("var/run", "../run"), ("etc/mtab", "../proc/self/mounts"),
    ];

    private static readonly (string Path, string Content)[] Files =
    [
        ("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nbox:x:1000:1000:box:/home/box:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"),
        ("etc/group", "root:x:0:\ntty:x:5:\nbox:x:1000:\nnogroup:x:65534:\n"),
        ("etc/shells", "/bin/sh\n/bin/ash\n"),
        ("etc/profile", "export PATH=/bin:/sbin:/usr/bin:/usr/sbin\nif [ \"$(id -u)\" = 0 ]; then PS1='\\h:\\w# '; else PS1='\\h:\\w$ '; fi\n"),
        // Where the container's own go (a bind mount needs a file).
        ("etc/hostname", ""), ("etc/hosts", ""), ("etc/resolv.conf", ""),
    ];

    /// <summary>Makes it in an empty directory. As an ordinary user all of it is the user's own.</summary>
    public static void Make(int directory)
    {
        foreach ((string path, int mode) in Directories)
        {
            Kernel.MkdirAt(directory, path, 0x1c0);
            Kernel.FchmodAt(directory, path, mode);
        }
        foreach ((string path, string target) in Links) Kernel.SymlinkAt(target, directory, path);
        foreach ((string path, string content) in Files) MakeFile(directory, path, 0x1a4, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)));
        using (Stream busybox = Resource("busybox")) MakeFile(directory, "bin/busybox", 0x1ed, busybox);
        MakeCommands(directory);
        if (Kernel.EffectiveUid == 0) GiveHome(directory);
        Kernel.Fchmod(directory, 0x1ed);
    }

    private static void MakeCommands(int directory)
    {
        using var applets = new StreamReader(Resource("applets"));
        using Descriptor bin = Kernel.OpenAt2(directory, "bin", OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        while (applets.ReadLine() is { } name)
        {
            if (name is not ("" or "busybox")) Kernel.SymlinkAt("busybox", bin.Number, name);
        }
    }

    private static void GiveHome(int directory)
    {
        int result = Kernel.TryFchownAt(directory, "home/box", 1000, 1000);
        // EINVAL: root of a user namespace that has no user 1000.
        if (result < 0 && Kernel.ErrorOf(result) != Errno.EINVAL) Kernel.FchownAt(directory, "home/box", 1000, 1000);
    }

    private static void MakeFile(int directory, string path, int mode, Stream content)
    {
        using Descriptor file = Kernel.OpenAt2(directory, path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, mode: 0x180);
        byte[] buffer = new byte[1 << 16];
        for (int length; (length = content.Read(buffer)) > 0;) Kernel.Write(file.Number, buffer.AsSpan(0, length));
        Kernel.Fchmod(file.Number, mode);
    }

    private static Stream Resource(string name) =>
        typeof(DefaultRoot).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{Strace.Quote(name)} is not built into this program");
}
