using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>Keeps what is not /proc off /proc, whatever links of the image say (CVE-2019-16884, CVE-2023-28642).</summary>
internal static class OciProcGuard
{
    /// <summary>PROC_SUPER_MAGIC, statfs(2).</summary>
    private const long ProcMagic = 0x9fa0;

    /// <summary>Fails with EXDEV where a mount would land on a proc without being one.</summary>
    /// <param name="program">The program.</param>
    /// <param name="mount">The mount.</param>
    /// <param name="source">What is mounted.</param>
    /// <param name="target">What its destination leads to.</param>
    public static void Check(BootBuilder program, Mount mount, Register source, Register target)
    {
        string place = OciMountChecks.PlaceOf(mount);
        if (OciMountChecks.IsStandIn(place)) return;
        var safe = new Label();
        var refused = new Label();
        if (place == "/proc") program.JumpUnlessFileSystem(source, ProcMagic, refused);
        else program.JumpUnlessFileSystem(target, ProcMagic, safe);
        // At /proc a proc is welcome; anywhere else the place must not be on one.
        if (place == "/proc") program.Jump(safe);
        program.Place(refused);
        program.Fail(Errno.EXDEV);
        program.Place(safe);
    }
}
