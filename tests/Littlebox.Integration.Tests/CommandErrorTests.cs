namespace Littlebox.Integration.Tests;

/// <summary>A command that cannot be executed: which file is to blame, and the exit code that docker has for it (127 not there, 126 there and cannot be executed).</summary>
public sealed class CommandErrorTests : IDisposable
{
    private const int Execute = 0b111_101_101;

    private readonly Sandbox sandbox = new();
    private readonly string root;

    public CommandErrorTests() => root = sandbox.MakeRoot();

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void A_command_that_is_in_no_directory_of_PATH()
    {
        Fails(127, "ENOENT", "no-such-command: not found in this root: none of the directories of PATH has it", ["no-such-command"]);
        RunResult result = Fails(127, "ENOENT", "sh: not found in this root", ["sh"], "-e", "PATH=/sbin:/usr/bin");
        Assert.Contains("looked in /sbin, /usr/bin\n", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_root_without_the_command()
    {
        Directory.CreateDirectory(sandbox["bare/etc"]);
        using var leaks = new LeakCheck();
        RunResult result = NativeBinary.Run("run", sandbox["bare"]).ExpectExit(127);
        Assert.StartsWith("littlebox: /bin/sh: there is no such file in this root\n", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/opt/nothing", 127, "ENOENT", "/opt/nothing: there is no such file in this root")]
    [InlineData("/etc/passwd/below", 127, "ENOTDIR", "/etc/passwd/below: a part of the path is not a directory in this root")]
    [InlineData("./nothing", 127, "ENOENT", "./nothing: there is no such file in this root")]
    [InlineData("/srv/circle", 127, "ELOOP", "/srv/circle: its symbolic links go in a circle")]
    [InlineData("/bin", 126, "EACCES", "/bin is a directory, not a program")]
    [InlineData("/srv/pipe", 126, "EACCES", "/srv/pipe is not a regular file")]
    [InlineData("/srv/plain", 126, "EACCES", "/srv/plain has no execute permission (mode 0644): 'chmod +x' it in the root")]
    [InlineData("/srv/empty", 126, "ENOEXEC", "/srv/empty is empty")]
    [InlineData("/srv/text", 126, "ENOEXEC", "/srv/text is neither a program nor a script: a script begins with a line such as #!/bin/sh")]
    [InlineData("/srv/python", 127, "ENOENT", "/srv/python is a script for /usr/bin/python9, and this root has no /usr/bin/python9")]
    [InlineData("/srv/windows", 127, "ENOENT", "/srv/windows has Windows line ends (CRLF), so that its interpreter would be named \"/bin/sh\\r\": convert it")]
    [InlineData("/srv/for-plain", 126, "EACCES", "/srv/for-plain is a script for /srv/plain, which has no execute permission")]
    [InlineData("/srv/hostile", 127, "ENOENT", "/srv/hostile is a script for \"/\\x1b[2Jgone\", and this root has no \"/\\x1b[2Jgone\"")]
    public void A_command_that_cannot_be_executed(string command, int code, string error, string sentence)
    {
        sandbox.Write("root/srv/plain", "#!/bin/sh\n");
        sandbox.Write("root/srv/empty", "", Execute);
        sandbox.Write("root/srv/text", "echo hello\n", Execute);
        sandbox.Write("root/srv/python", "#!/usr/bin/python9 -u\n", Execute);
        sandbox.Write("root/srv/windows", "#!/bin/sh\r\necho hello\r\n", Execute);
        sandbox.Write("root/srv/for-plain", "#!/srv/plain\n", Execute);
        sandbox.Write("root/srv/hostile", "#!/\e[2Jgone\n", Execute);
        File.CreateSymbolicLink(sandbox["root/srv/circle"], "circle");
        Program.Run("mkfifo", ["-m", "755", sandbox["root/srv/pipe"]]).ExpectSuccess();
        Fails(code, error, sentence, [command]);
    }

    [Fact]
    public void A_program_whose_loader_is_not_in_the_root()
    {
        File.Copy("/bin/ls", sandbox["root/srv/ls"]);
        RunResult result = Fails(127, "ENOENT", "/srv/ls is a program that needs the loader /lib", ["/srv/ls"]);
        Assert.Contains("this root does not have it", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_for_another_machine()
    {
        // e_machine of the ELF header, at byte 18 (elf(5)).
        byte[] program = File.ReadAllBytes("/bin/busybox");
        program[18] = (byte)(Linux.Machine.IsArm64 ? 62 : 183);
        File.WriteAllBytes(sandbox["root/srv/other"], program);
        File.SetUnixFileMode(sandbox["root/srv/other"], (UnixFileMode)Execute);
        string sentence = Linux.Machine.IsArm64 ? "a program for x86_64, and this machine is arm64" : "a program for arm64, and this machine is x86_64";
        RunResult result = Fails(126, "ENOEXEC", "/srv/other is " + sentence, ["/srv/other"]);
        Assert.Contains("qemu-user-static", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_was_cut_short()
    {
        File.WriteAllBytes(sandbox["root/srv/cut"], File.ReadAllBytes("/bin/busybox")[..40]);
        File.SetUnixFileMode(sandbox["root/srv/cut"], (UnixFileMode)Execute);
        Fails(126, "ENOEXEC", "/srv/cut is a program that has been cut short", ["/srv/cut"]);
    }

    [Fact]
    public void A_program_on_a_mount_with_noexec()
    {
        sandbox.Write("volume/program", "#!/bin/sh\n", Execute);
        Fails(126, "EACCES", "/mnt/program lies on a mount with noexec", ["/mnt/program"], "-v", sandbox["volume"] + ":/mnt:noexec");
    }

    [Fact]
    public void A_program_that_this_user_may_not_execute()
    {
        sandbox.Write("root/srv/own", "#!/bin/sh\n", 0b111_000_000);
        Fails(126, "EACCES", "/srv/own may not be executed by this user (mode 0700, owner 0:0)", ["/srv/own"], "-u", "alice");
    }

    [Fact]
    public void A_command_in_a_directory_that_an_ordinary_user_may_not_enter()
    {
        using var user = new OrdinaryUser();
        string own = RootFs.Make(user.Home + "/root");
        Program.Run("chown", ["-hR", $"{OrdinaryUser.Id}:{OrdinaryUser.Id}", user.Home]).ExpectSuccess();
        user.Run("run", own, "true").ExpectExit(0);
        Program.Run("chown", ["0:0", own + "/bin"]).ExpectSuccess();
        File.SetUnixFileMode(own + "/bin", (UnixFileMode)0b111_000_000);
        RunResult result = user.Run("run", own, "true").ExpectExit(126);
        Assert.StartsWith("littlebox: true: not found where this user may look; a directory of PATH may not be entered\n", result.Errors, StringComparison.Ordinal);
        Assert.Contains("= -1 EACCES", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_process_has_the_same_words()
    {
        using RunningProgram first = NativeBinary.Start("run", "--name", "no-command", root, "sh", "-c", "echo ready; exec sleep 1000");
        first.WaitForOutput("ready");
        RunResult result = NativeBinary.Run("exec", "no-command", "/opt/nothing").ExpectExit(127);
        Assert.StartsWith("littlebox: /opt/nothing: there is no such file in this root\n", result.Errors, StringComparison.Ordinal);
        Assert.False(first.HasEnded);
    }

    private RunResult Fails(int code, string error, string sentence, string[] command, params string[] options)
    {
        // Once beforehand: the places of mounts in the root stay.
        NativeBinary.Run(["run", .. options, root, "/bin/true"]);
        using var leaks = new LeakCheck("/run/littlebox", sandbox.Path);
        RunResult result = NativeBinary.Run(["run", .. options, root, .. command]).ExpectExit(code);
        Assert.Equal("", result.Output);
        Assert.True(result.Errors.StartsWith("littlebox: " + sentence, StringComparison.Ordinal), result.ToString());
        Assert.Matches($@"\n  execve\(""[^\n]*"", …\) = -1 {error} \(", result.Errors);
        Assert.DoesNotContain("\e", result.Errors, StringComparison.Ordinal);
        return result;
    }
}
