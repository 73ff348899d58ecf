namespace Littlebox.Linux;

public static partial class Kernel
{
    /// <summary>flock(2): locks an open file; the lock goes with the last copy of the descriptor.</summary>
    /// <param name="descriptor">An open descriptor.</param>
    /// <param name="operation">What to do.</param>
    public static void Flock(int descriptor, LockOperation operation) => Check(TryFlock(descriptor, operation), $"flock({Fd.Of(descriptor)}, {new Words(CallFlags.Of(operation))})");

    /// <summary><see cref="Flock"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryFlock(int descriptor, LockOperation operation) => (int)SystemCall.Invoke(SystemCallNumber.Flock, descriptor, (int)operation);
}
