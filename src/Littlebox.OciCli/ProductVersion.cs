using System.Reflection;

namespace Littlebox.OciCli;

/// <summary>Which littlebox-oci this is.</summary>
internal static class ProductVersion
{
    /// <summary>The highest version of the runtime-spec that it reads.</summary>
    public const string Spec = "1.3.0";

    /// <summary>The version of the product.</summary>
    public const string Number = BuildConstants.Version;

    /// <summary>The commit it was built from, where the build knew it.</summary>
    public static string Commit => Whole.Split('+') is [_, var commit] ? commit : "unknown";

    private static string Whole => typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
