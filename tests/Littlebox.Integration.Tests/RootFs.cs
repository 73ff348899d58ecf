namespace Littlebox.Integration.Tests;

/// <summary>A small root file system of Debian's static busybox, with all its applets.</summary>
public static class RootFs
{
    private static readonly string[] Applets = Program.Run("/bin/busybox", ["--list"]).ExpectExit(0).Lines;

    /// <summary>Makes it in a directory and returns that.</summary>
    public static string Make(string path)
    {
        if (!File.Exists("/bin/busybox")) Assert.Skip("busybox is not installed: apt-get install busybox-static");
        foreach (string directory in new[] { "bin", "dev", "etc", "home/alice", "proc", "root", "run", "srv", "sys", "tmp", "usr/bin", "var/tmp" })
            Directory.CreateDirectory($"{path}/{directory}");
        File.Copy("/bin/busybox", $"{path}/bin/busybox");
        foreach (string applet in Applets)
        {
            if (applet != "busybox") File.CreateSymbolicLink($"{path}/bin/{applet}", "busybox");
        }
        File.WriteAllText($"{path}/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000:Alice:/home/alice:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
        File.WriteAllText($"{path}/etc/group", "root:x:0:\nstaff:x:50:alice\nalice:x:1000:\naudio:x:63:alice\nnogroup:x:65534:\n");
        File.SetUnixFileMode($"{path}/tmp", (UnixFileMode)0b1_111_111_111);
        return path;
    }
}
