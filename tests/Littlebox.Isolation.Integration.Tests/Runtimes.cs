using Littlebox.Integration.Tests;

namespace Littlebox.Isolation.Tests;

/// <summary>The runtime that is tested, and those that it is compared with.</summary>
public static class Runtimes
{
    /// <summary>The variable that names another runtime to run the attacks against, for comparison: <c>LITTLEBOX_ATTACKED=/usr/sbin/runc</c>.</summary>
    public const string Variable = "LITTLEBOX_ATTACKED";

    /// <summary>The runtime that is tested.</summary>
    public static string Tested => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } other ? other : NativeBinary.OciLocation;

    /// <summary>True where it is littlebox-oci: then what is refused must be refused in our words.</summary>
    public static bool IsOurs => Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 };

    /// <summary>runc, to be asked what it makes of the same document.</summary>
    public static string Runc
    {
        get
        {
            if (!File.Exists("/usr/sbin/runc")) Assert.Skip("runc is not installed: apt-get install runc");
            return "/usr/sbin/runc";
        }
    }
}
