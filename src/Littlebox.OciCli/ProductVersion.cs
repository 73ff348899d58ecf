namespace Littlebox.OciCli;

/// <summary>Which littlebox-oci this is.</summary>
internal static class ProductVersion
{
    /// <summary>The highest version of the runtime-spec that it reads.</summary>
    public const string Spec = "1.3.0";

    /// <summary>The version of the product.</summary>
    public const string Number = BuildConstants.Version;

    /// <summary>The commit it was built from, where the build knew it.</summary>
    public static string Commit => BuildConstants.Commit.Length > 0 ? BuildConstants.Commit : "unknown";
}
