namespace Littlebox.Clients.Integration.Tests;

/// <summary>An operation with our runtime; where it fails, with runc as well, so that the failure says whether it is ours.</summary>
public static class Comparison
{
    /// <summary>Does it.</summary>
    /// <param name="machine">Where.</param>
    /// <param name="operation">What, with the name of a runtime.</param>
    public static void Of(Machine machine, Action<string> operation)
    {
        try
        {
            operation("littlebox");
        }
        catch (Exception ours) when (ours is Xunit.Sdk.XunitException)
        {
            CleanUp(machine);
            string theirs = "with runc it works";
            try
            {
                operation("runc");
            }
            catch (Exception failure) when (failure is Xunit.Sdk.XunitException)
            {
                theirs = "with runc it fails too: " + failure.Message;
            }
            Assert.Fail($"{ours.Message}\n=== {theirs}");
        }
        finally
        {
            CleanUp(machine);
        }
    }

    private static void CleanUp(Machine machine)
    {
        machine.Run("podman", "pod", "rm", "-f", "-t", "0", "-a");
        machine.Run("podman", "rm", "-f", "-t", "0", "-a");
    }
}
