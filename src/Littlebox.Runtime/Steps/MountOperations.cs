using Littlebox.Boot;
using Littlebox.Linux;

namespace Littlebox.Runtime.Steps;

/// <summary>The few sequences of the mount interface (fsopen(2), open_tree(2), move_mount(2)) that most steps are made of.</summary>
public static class MountOperations
{
    private const int CurrentDirectory = Linux.Text.Strace.CurrentDirectory;

    /// <summary>A new file system, not yet in any tree.</summary>
    /// <param name="program">The program.</param>
    /// <param name="type">Its type: <c>proc</c>, <c>tmpfs</c>.</param>
    /// <param name="attributes">Attributes of the mount.</param>
    /// <param name="options">Options of the file system; a pair with an empty value is a flag.</param>
    /// <returns>The register with the mount's descriptor.</returns>
    public static Register NewFileSystem(this BootBuilder program, string type, MountAttributes attributes, params IEnumerable<KeyValuePair<string, string>> options) =>
        program.NewFileSystem(type, type, attributes, options);

    /// <summary>A new file system of a source, such as a device; otherwise as above.</summary>
    /// <param name="program">The program.</param>
    /// <param name="type">Its type.</param>
    /// <param name="source">Its source.</param>
    /// <param name="attributes">Attributes of the mount.</param>
    /// <param name="options">Options of the file system.</param>
    /// <param name="denied">Where to go on when it may not be mounted here (EPERM); <c>null</c>: then that is a failure.</param>
    public static Register NewFileSystem(this BootBuilder program, string type, string source, MountAttributes attributes, IEnumerable<KeyValuePair<string, string>> options, Label? denied = null)
    {
        Register context = program.NewRegister($"new {type}");
        Register mount = program.NewRegister(type);
        OrDenied(program.Call(SystemCallNumber.Fsopen, $"fsopen({type}, FSOPEN_CLOEXEC)", program.String(type), 1).To(context), denied);
        Set(program, context, "source", source);
        foreach ((string key, string value) in options) Set(program, context, key, value);
        OrDenied(program.Call(SystemCallNumber.Fsconfig, $"fsconfig({context}, FSCONFIG_CMD_CREATE, NULL, NULL, 0)", context, 6, 0, 0, 0), denied);
        OrDenied(program.Call(SystemCallNumber.Fsmount, $"fsmount({context}, FSMOUNT_CLOEXEC, {new Words(CallFlags.Of(attributes))})", context, 1, (long)attributes).To(mount), denied);
        return mount;
    }

    private static void OrDenied(CallHandle call, Label? denied)
    {
        if (denied is not null) call.OnErrorGoTo(denied, Errno.EPERM);
    }

    /// <summary>Puts a detached mount onto an open directory or file: onto the descriptor, never onto a name.</summary>
    public static void Attach(this BootBuilder program, Register mount, Register target) =>
        program.Call(SystemCallNumber.MoveMount, $"move_mount({mount}, \"\", {target}, \"\", MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH)",
            mount, program.String(""), target, program.String(""), (int)(MoveMountFlags.FromEmptyPath | MoveMountFlags.ToEmptyPath));

    /// <summary>A detached copy of what an open descriptor shows: a bind mount without a place.</summary>
    public static Register CloneTree(this BootBuilder program, Register source, string name, bool recursive = false)
    {
        Register tree = program.NewRegister(name);
        OpenTreeFlags flags = OpenTreeFlags.Clone | OpenTreeFlags.CloseOnExec | OpenTreeFlags.EmptyPath | (recursive ? OpenTreeFlags.Recursive : OpenTreeFlags.None);
        program.Call(SystemCallNumber.OpenTree, $"open_tree({source}, \"\", {new Words(CallFlags.Of(flags))})", source, program.String(""), (uint)flags).To(tree);
        return tree;
    }

    /// <summary>A detached copy of a path of the host, seen from where the child still is.</summary>
    public static Register CloneTree(this BootBuilder program, string path, string name, bool recursive)
    {
        Register tree = program.NewRegister(name);
        OpenTreeFlags flags = OpenTreeFlags.Clone | OpenTreeFlags.CloseOnExec | (recursive ? OpenTreeFlags.Recursive : OpenTreeFlags.None);
        program.Call(SystemCallNumber.OpenTree, $"open_tree(AT_FDCWD, {path}, {new Words(CallFlags.Of(flags))})", CurrentDirectory, program.String(path), (uint)flags).To(tree);
        return tree;
    }

    /// <summary>Changes attributes or propagation of a mount.</summary>
    public static void SetMount(this BootBuilder program, Register mount, bool recursive, MountAttributes set, MountFlags propagation = MountFlags.None)
    {
        Data argument = program.Structure(new MountAttributesArgument { Set = (ulong)set, Propagation = (ulong)propagation });
        program.Call(SystemCallNumber.MountSetattr,
            $"mount_setattr({mount}, \"\", {new Words(recursive ? "AT_EMPTY_PATH|AT_RECURSIVE" : "AT_EMPTY_PATH")}, {new Words($"{{attr_set={CallFlags.Of(set)}, attr_clr=0, propagation={CallFlags.Of(propagation)}}}")}, 32)",
            mount, program.String(""), recursive ? 0x9000 : 0x1000, argument, 32);
    }

    /// <summary>
    /// Opens a directory directly below another and makes it where it is missing; it must be a real directory, no link: proc, sys and dev of an image
    /// may not lead elsewhere (CVE-2019-19921, CVE-2026-41579).
    /// </summary>
    public static Register OpenRealDirectory(this BootBuilder program, Register parent, string name, string path, int mode = 0x1ed)
    {
        Register directory = program.NewRegister(path);
        program.Call(SystemCallNumber.Mkdirat, $"mkdirat({parent}, {name}, 0{new Words(Convert.ToString(mode, 8))})", parent, program.String(name), mode).Tolerate(Errno.EEXIST, Errno.EROFS);
        Data how = program.Structure(new OpenHow
        {
            Flags = (ulong)(OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.CloseOnExec),
            Resolve = (ulong)(ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks),
        });
        program.Call(SystemCallNumber.Openat2, $"openat2({parent}, {name}, {{flags=O_PATH|O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC, resolve=RESOLVE_BENEATH|RESOLVE_NO_SYMLINKS|RESOLVE_NO_MAGICLINKS}}, 24)",
            parent, program.String(name), how, 24).To(directory);
        return directory;
    }

    /// <summary>Opens a file in a directory of ours, makes it, and writes it.</summary>
    public static void WriteFile(this BootBuilder program, Register directory, string name, ReadOnlySpan<byte> content)
    {
        Register file = program.NewRegister(name);
        long flags = (long)(OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow | OpenFlags.CloseOnExec).Value;
        program.Call(SystemCallNumber.Openat, $"openat({directory}, {name}, O_WRONLY|O_CREAT|O_EXCL|O_NOFOLLOW|O_CLOEXEC, 0644)", directory, program.String(name), flags, 0x1a4).To(file);
        if (!content.IsEmpty)
            program.Call(SystemCallNumber.Write, $"write({file}, …, {content.Length})", file, program.Bytes(content), content.Length);
    }

    /// <summary>Sets an option of a file system that is being made or changed; an empty value is a flag.</summary>
    public static void Set(BootBuilder program, Register context, string key, string value)
    {
        if (value.Length == 0)
            program.Call(SystemCallNumber.Fsconfig, $"fsconfig({context}, FSCONFIG_SET_FLAG, {key}, NULL, 0)", context, 0, program.String(key), 0, 0);
        else
            program.Call(SystemCallNumber.Fsconfig, $"fsconfig({context}, FSCONFIG_SET_STRING, {key}, {value}, 0)", context, 1, program.String(key), program.String(value), 0);
    }
}
