using Littlebox.Runtime.Foreground;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary>What comes behind the making of a container: <c>create</c> hands it over, <c>run</c> starts it, and in the foreground waits for it and removes it.</summary>
public static class OciRun
{
    /// <summary>Goes on with a container that this process has created.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="state">What <see cref="OciCreate"/> returned.</param>
    /// <param name="options">How its process is attached.</param>
    /// <param name="start">Start it.</param>
    /// <param name="keep">Leave its directory when it has ended.</param>
    /// <param name="attendant">Waits for it, or <c>null</c> where it is left behind.</param>
    /// <returns>In the foreground the exit code of its program, 128+n where a signal ended it; else 0.</returns>
    /// <exception cref="Linux.LittleboxException">It could not be handed over or started; then it is gone, or with <paramref name="keep"/> has stopped.</exception>
    public static int Go(OciStore store, OciContainerState state, OciProcessOptions options, bool start, bool keep, Attendant? attendant)
    {
        bool left = false, ran = false;
        try
        {
            options.OnProcess?.Invoke(state.Pid);
            if (start) OciStart.Start(store, state.Id);
            ran = true;
            if (attendant is not null) return attendant.Attend(state.Pid).ExitCode;
            left = true;
            return 0;
        }
        finally
        {
            if (!left && !keep) OciKill.Delete(store, state.Id, force: true);
            else if (!ran) OciKill.End(state);
        }
    }
}
