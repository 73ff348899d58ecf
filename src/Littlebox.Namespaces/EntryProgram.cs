using Littlebox.Boot;
using Littlebox.Linux;

namespace Littlebox.Namespaces;

/// <summary>The boot program that enters namespaces and executes a command. Read from top to bottom, it is what happens.</summary>
internal static class EntryProgram
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static BootBuilder Build(OpenNamespaces target, EntryRequest request, NamespaceFlags kinds, EntryPlaces places, bool keepsText)
    {
        var program = new BootBuilder(keepsText);

        // We are: the host's user, in the host's namespaces.
        Enter(program, target, kinds);
        if (kinds.HasFlag(NamespaceFlags.Pid)) program.Clone(NamespaceFlags.None); // a pid namespace is entered by children only

        // We are: inside, still at the root of the mount namespace, or on the host where none was entered.
        bool moved = kinds.HasFlag(NamespaceFlags.Mount) || places.Root is not null;
        if (places.Root is { } root)
        {
            program.Call(SystemCallNumber.Fchdir, $"fchdir({root.Number})", root.Number);
            program.Call(SystemCallNumber.Chroot, $"chroot(\".\")", program.String("."));
        }
        if (places.WorkingDirectory is { } directory) program.Call(SystemCallNumber.Fchdir, $"fchdir({directory.Number})", directory.Number);
        else if (request.WorkingDirectory is { } path) program.Call(SystemCallNumber.Chdir, $"chdir({path})", program.String(path));
        else if (moved) program.Call(SystemCallNumber.Chdir, $"chdir(\"/\")", program.String("/"));
        // A directory that was opened outside the new root would be a way out of it (CVE-2024-21626).
        if (moved) program.CheckDirectory();

        TakeIds(program, request, kinds);
        program.ResetSignals();
        program.Execute(Candidates(request), request.Command, request.Environment);
        return program;
    }

    private static void Enter(BootBuilder program, OpenNamespaces target, NamespaceFlags kinds)
    {
        if (kinds == NamespaceFlags.None) return;
        var oneByOne = new Label();
        var entered = new Label();
        if (target.Process is { } process)
        {
            // All at once, or none: the kernel takes the user namespace first, and checks the others with the rights that we have in it.
            program.Call(SystemCallNumber.Setns, $"setns({process.Number}, {new Words(CallFlags.Of(kinds))})", process.Number, (long)(ulong)kinds)
                .OnErrorGoTo(oneByOne, Errno.EPERM, Errno.EINVAL);
            program.Jump(entered);
        }

        // Some belong to a user namespace above the target's: those must be entered with the rights that we have now, the rest with those we get.
        // What has been entered is closed, so that the second round passes over it (EBADF).
        program.Place(oneByOne);
        if (kinds.HasFlag(NamespaceFlags.User))
        {
            foreach (NamespaceFlags kind in Others(kinds))
            {
                var next = new Label();
                program.Call(SystemCallNumber.Setns, $"setns({target.Number(kind)}, {new Words(CallFlags.Of(kind))})", target.Number(kind), (long)(ulong)kind)
                    .OnErrorGoTo(next, Errno.EPERM, Errno.EINVAL);
                program.Call(SystemCallNumber.Close, $"close({target.Number(kind)})", target.Number(kind));
                program.Place(next);
            }
            program.Call(SystemCallNumber.Setns, $"setns({target.Number(NamespaceFlags.User)}, CLONE_NEWUSER)", target.Number(NamespaceFlags.User), (long)(ulong)NamespaceFlags.User);
        }
        foreach (NamespaceFlags kind in Others(kinds))
        {
            program.Call(SystemCallNumber.Setns, $"setns({target.Number(kind)}, {new Words(CallFlags.Of(kind))})", target.Number(kind), (long)(ulong)kind)
                .Tolerate(Errno.EBADF);
        }
        program.Place(entered);
    }

    // The mount namespace last: what the others' descriptors lead to does not depend on it, but an error is easier to read.
    private static IEnumerable<NamespaceFlags> Others(NamespaceFlags kinds) =>
        NamespaceKinds.All.Where(kind => kind is not NamespaceFlags.User && kinds.HasFlag(kind)).OrderBy(kind => kind is NamespaceFlags.Mount);

    private static void TakeIds(BootBuilder program, EntryRequest request, NamespaceFlags kinds)
    {
        if (request.KeepCredentials) return;
        bool user = kinds.HasFlag(NamespaceFlags.User);
        uint? gid = request.Gid ?? (user ? 0 : null), uid = request.Uid ?? (user ? 0 : null);
        // EPERM: a user namespace whose setgroups is "deny" (user_namespaces(7)) has no groups that we could drop.
        if (gid is not null || uid is not null) program.Call(SystemCallNumber.Setgroups, $"setgroups(0, NULL)", 0, 0).Tolerate(Errno.EPERM);
        if (gid is { } group) program.Call(SystemCallNumber.Setresgid, $"setresgid({group}, {group}, {group})", (long)group, (long)group, (long)group);
        if (uid is { } owner) program.Call(SystemCallNumber.Setresuid, $"setresuid({owner}, {owner}, {owner})", (long)owner, (long)owner, (long)owner);
    }

    private static List<string> Candidates(EntryRequest request)
    {
        string name = request.Command[0];
        if (name.Contains('/')) return [name];
        string path = request.Environment.FirstOrDefault(variable => variable.StartsWith("PATH=", StringComparison.Ordinal))?[5..] ?? DefaultPath;
        return [.. path.Split(':').Select(directory => directory.Length == 0 ? name : $"{directory}/{name}")];
    }
}
