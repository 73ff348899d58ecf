using System.Globalization;
using System.Text;
using Littlebox.Oci;
using Littlebox.Runtime.Oci.Life;
using Littlebox.Runtime.Oci.State;
using Littlebox.Runtime.State;

namespace Littlebox.Runtime.Oci.HookRuns;

/// <summary>The state of a container as hooks get it on standard input (runtime-spec, runtime.md, State).</summary>
/// <param name="Spec">The document.</param>
/// <param name="Id">The container's id.</param>
/// <param name="Bundle">Absolute path of the bundle.</param>
internal sealed record HookState(Spec Spec, string Id, string Bundle)
{
    /// <summary>The state as UTF-8 JSON.</summary>
    /// <param name="status">In which state the container is at this point.</param>
    /// <param name="pid">Its first process as the hook sees it, or <c>null</c> where there is none any more.</param>
    public byte[] ToJson(OciStatus status, int? pid)
    {
        var json = new StringBuilder(512);
        json.Append("{\"ociVersion\":").AppendJson(Spec.OciVersion).Append(",\"id\":").AppendJson(Id).Append(",\"status\":").AppendJson(OciStatusOf.Word(status));
        if (pid is { } number) json.Append(CultureInfo.InvariantCulture, $",\"pid\":{number}");
        json.Append(",\"bundle\":").AppendJson(Bundle).Append(",\"annotations\":{");
        for (int i = 0; i < Spec.Annotations.Count; i++)
        {
            if (i > 0) json.Append(',');
            json.AppendJson(Spec.Annotations[i].Key).Append(':').AppendJson(Spec.Annotations[i].Value);
        }
        return Encoding.UTF8.GetBytes(json.Append("}}").ToString());
    }
}
