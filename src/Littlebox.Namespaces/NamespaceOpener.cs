using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Namespaces;

/// <summary>Opens a namespace that a survey has found, through whatever holds it.</summary>
internal static class NamespaceOpener
{
    /// <summary>The open file; <c>null</c> where every way is barred or the namespace has gone.</summary>
    public static Descriptor? TryOpen(LiveNamespace wanted, NamespaceSurvey survey)
    {
        foreach (Holder holder in wanted.Holders)
        {
            Descriptor? file = Through(holder, wanted.Kind, survey);
            if (file is null) continue;
            if (NamespaceFile.IdOf(file.Number) == wanted.Id) return file;
            file.Dispose(); // the holder has moved on
        }
        return null;
    }

    private static Descriptor? Through(Holder holder, NamespaceFlags kind, NamespaceSurvey survey)
    {
        string name = NamespaceKinds.NameOf(kind);
        switch (holder)
        {
            case ProcessHolder process: return Link($"/proc/{process.Pid}/ns/{name}");
            case ThreadHolder thread: return Link($"/proc/{thread.Pid}/task/{thread.Tid}/ns/{name}");
            case ChildrenHolder children: return Link($"/proc/{children.Pid}/task/{children.Tid}/ns/{name}_for_children");
            case DescriptorHolder descriptor: return Link($"/proc/{descriptor.Pid}/task/{descriptor.Tid}/fd/{descriptor.Number}");
            case MountHolder mount: return Mounted(mount, survey);
            case ChildHolder child: return Related(survey.Find(child.Child), survey, Kernel.TryGetParentNamespace);
            case OwnedHolder owned: return Related(survey.Find(owned.Owned), survey, Kernel.TryGetOwningUserNamespace);
            default: return null;
        }
    }

    private static Descriptor? Link(string path) => NamespaceFile.TryOpenLink(Strace.CurrentDirectory, path);

    private static Descriptor? Mounted(MountHolder mount, NamespaceSurvey survey)
    {
        int? pid = mount.IsOurs ? Kernel.ProcessId : survey.Find(new NamespaceId(NamespaceFlags.Mount, mount.MountNamespace))?.Leader?.Pid;
        if (pid is null) return null;
        int root = Kernel.TryOpenAt2(Strace.CurrentDirectory, $"/proc/{pid}/root", OpenFlags.PathOnly | OpenFlags.Directory);
        if (root < 0) return null;
        using var held = new Descriptor(root);
        return NamespaceFile.TryOpenMounted(root, mount.Path);
    }

    private static Descriptor? Related(LiveNamespace? from, NamespaceSurvey survey, Func<int, int> lead)
    {
        using Descriptor? file = from is null ? null : TryOpen(from, survey);
        int related = file is null ? -1 : lead(file.Number);
        return related < 0 ? null : new Descriptor(related);
    }
}
