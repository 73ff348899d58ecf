namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>uname(2): host name, release of the kernel (<c>6.1.0-18-amd64</c>), machine (<c>x86_64</c>).</summary>
    public static (string Node, string Release, string Machine) Uname()
    {
        byte* buffer = stackalloc byte[6 * 65]; // struct new_utsname: six fields of 65 bytes
        Check(SystemCall.Invoke(SystemCallNumber.Uname, (nint)buffer), $"uname(…)");
        return (Field(1), Field(2), Field(4));

        string Field(int index) => Text.Utf8Z.Read(new ReadOnlySpan<byte>(buffer + index * 65, 65));
    }
}
