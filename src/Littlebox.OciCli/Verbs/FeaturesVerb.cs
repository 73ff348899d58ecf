using System.Text.Json;
using Littlebox.OciCli.CommandLine;
using Littlebox.Runtime.CGroups;
using Littlebox.Runtime.Oci;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>features</c> (runtime-spec, features.md)</summary>
internal sealed class FeaturesVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "features";

    /// <inheritdoc/>
    public override string Summary => "show the enabled features";

    /// <inheritdoc/>
    public override string Words => "";

    /// <inheritdoc/>
    public override string Description => "   Prints what this runtime can do as JSON: features.md of the runtime-spec says what each field means.";

    /// <inheritdoc/>
    public override int LeastWords => 0;

    /// <inheritdoc/>
    public override int MostWords => 0;

    /// <inheritdoc/>
    public override int Run(Invocation invocation) => Invocation.Print(JsonText.Of(Write, "    ") + "\n");

    private static void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("ociVersionMin", "1.0.0");
        json.WriteString("ociVersionMax", ProductVersion.Spec);
        json.WriteStrings("hooks", OciFeatures.Hooks);
        json.WriteStrings("mountOptions", OciFeatures.MountOptions);
        json.WriteStartObject("linux");
        json.WriteStrings("namespaces", OciFeatures.Namespaces);
        json.WriteStrings("capabilities", OciFeatures.Capabilities);
        json.WriteStartObject("cgroup");
        json.WriteBoolean("v1", OciFeatures.Resources);
        json.WriteBoolean("v2", OciFeatures.Resources);
        json.WriteBoolean("systemd", OciFeatures.Resources);
        json.WriteBoolean("systemdUser", OciFeatures.Resources);
        json.WriteBoolean("rdma", OciFeatures.Resources);
        json.WriteEndObject();
        json.WriteStartObject("seccomp");
        json.WriteBoolean("enabled", true);
        json.WriteStrings("actions", OciFeatures.SeccompActions);
        json.WriteStrings("operators", OciFeatures.SeccompOperators);
        json.WriteStrings("archs", OciFeatures.SeccompArchitectures);
        json.WriteStrings("knownFlags", OciFeatures.KnownSeccompFlags);
        json.WriteStrings("supportedFlags", OciFeatures.KnownSeccompFlags);
        json.WriteEndObject();
        Enabled(json, "apparmor", OciFeatures.AppArmor);
        Enabled(json, "selinux", OciFeatures.SELinux);
        Enabled(json, "intelRdt", OciFeatures.IntelRdt);
        json.WriteStartObject("mountExtensions");
        Enabled(json, "idmap", OciFeatures.MountOptions.Contains("idmap"));
        json.WriteEndObject();
        Enabled(json, "netDevices", OciFeatures.NetworkDevices);
        json.WriteEndObject();
        // Of config.json: with --systemd-cgroup these set properties of the container's unit.
        json.WriteStrings("potentiallyUnsafeConfigAnnotations", [UnitAnnotations.Prefix]);
        json.WriteStartObject("annotations");
        json.WriteString("littlebox.version", ProductVersion.Number);
        json.WriteString("littlebox.commit", ProductVersion.Commit);
        json.WriteString("littlebox.checkpoint.enabled", "false");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Enabled(Utf8JsonWriter json, string name, bool enabled)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("enabled", enabled);
        json.WriteEndObject();
    }
}
