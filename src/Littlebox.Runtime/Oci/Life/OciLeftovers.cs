using Littlebox.Linux;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary>
/// What a <c>create</c> that was killed has left: a directory that nobody has locked, and in which no container is written down that is made. The next command that comes across it
/// removes it, with cgroups and whatever else it names.
/// </summary>
public static class OciLeftovers
{
    /// <summary>Makes the directory of a new container and locks it.</summary>
    /// <exception cref="LittleboxException">The id is in use.</exception>
    public static OciDirectory Make(OciStore store, string id)
    {
        do
        {
            if (store.TryMake(id) is { } directory) return directory;
        }
        while (Remove(store, id));
        throw new LittleboxException(ErrorKind.InvalidArgument, $"container with given ID already exists: {id}: delete it, or choose another id");
    }

    /// <summary>Removes what a killed <c>create</c> has left of an id.</summary>
    /// <returns>False where there is nothing of that sort: no such id, a container that is made, or one that somebody makes at this moment.</returns>
    /// <exception cref="LittleboxException">It could not be removed.</exception>
    public static bool Remove(OciStore store, string id)
    {
        OciDirectory? directory = store.TryOpenUnlocked(id);
        if (directory is null) return false;
        if (directory.Read() is { Creating: false })
        {
            directory.Dispose();
            return false;
        }
        OciKill.Delete(store, directory, force: true);
        return true;
    }

    /// <summary><see cref="Remove"/>, where what may not be removed stays.</summary>
    public static bool TryRemove(OciStore store, string id)
    {
        try
        {
            return Remove(store, id);
        }
        catch (Exception failure) when (failure is SystemCallException or LittleboxException)
        {
            return false;
        }
    }
}
