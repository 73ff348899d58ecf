using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary><c>remount</c>: changes what is mounted in the container already (mount(8), Filesystem-independent mount options).</summary>
internal static class OciRemountSteps
{
    private const int PickEmptyPath = 8, PickCloseOnExec = 1, ConfigReconfigure = 7;

    /// <summary>Adds the step.</summary>
    public static void Add(OciInside inside, Mount mount, MountOptions options, string field) => inside.Add($"Change the mount at {mount.Destination}",
        options.Bind ? "its attributes; those that no option names stay as they are" : "its attributes, and the options of its file system", field,
        program =>
        {
            Register target = program.OpenBeneath(inside.Root, mount.Destination, MakeMissing.Nothing, mount.Destination);
            if (!options.Bind && (options.SuperBlock.Count > 0 || options.Data.Count > 0))
            {
                Register context = program.NewRegister("file system");
                program.Call(SystemCallNumber.Fspick, $"fspick({target}, \"\", FSPICK_EMPTY_PATH|FSPICK_CLOEXEC)", target, program.String(""), PickEmptyPath | PickCloseOnExec).To(context);
                foreach ((string key, string value) in options.SuperBlock.Concat(options.Data)) Steps.MountOperations.Set(program, context, key, value);
                program.Call(SystemCallNumber.Fsconfig, $"fsconfig({context}, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0)", context, ConfigReconfigure, 0, 0, 0);
            }
            OciMountSteps.Apply(program, target, options);
        },
        error => error is Errno.EINVAL ? $"nothing is mounted at {mount.Destination}, or its file system does not know one of the options" : OciMountSteps.Hint(error, mount));
}
