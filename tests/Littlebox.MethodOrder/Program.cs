using System.Runtime.InteropServices;
using Littlebox.Linux;
using Littlebox.MethodOrder;

// Runs a native binary and adds the methods that it calls to a list, in the order of their first calls; those that stand in the list already stay where they are.
// usage: Littlebox.MethodOrder [--libraries] SYMBOLS LIST PROGRAM [ARGUMENT…]     SYMBOLS is what nm prints of the binary; --libraries: functions of the libraries, not methods; x86_64 only
//        Littlebox.MethodOrder --script SYMBOLS LIST MAP     prints a script for the linker by which the functions of a list lie in front; MAP is what the linker wrote of the binary
// exit code: that of the program; 125 where something else failed
string mode = args is [['-', ..] option, ..] ? option : "";
if (mode.Length > 0) args = args[1..];
if (args.Length < 3 || mode is not ("" or "--libraries" or "--script"))
{
    Console.Error.WriteLine("usage: Littlebox.MethodOrder [--libraries] SYMBOLS LIST PROGRAM [ARGUMENT…], or --script SYMBOLS LIST MAP");
    return 125;
}
if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
{
    Console.Error.WriteLine("Littlebox.MethodOrder: the breakpoints are those of x86_64");
    return 125;
}

try
{
    var order = new List<string>(File.Exists(args[1]) ? File.ReadAllLines(args[1]) : []);
    var known = new HashSet<string>(order, StringComparer.Ordinal);
    MethodTable methods = MethodTable.Read(File.ReadLines(args[0]), libraries: mode.Length > 0);
    if (mode == "--script")
    {
        Console.Write(LinkMap.Read(File.ReadLines(args[2])).Script(order, methods));
        return 0;
    }
    int pid = Tracee.Start(args[2..]);
    using var breakpoints = new Breakpoints(pid, methods.Start, methods.End);
    foreach ((long address, List<string> names) in methods.Names)
    {
        if (!names.TrueForAll(known.Contains)) breakpoints.Set(address);
    }
    breakpoints.Write();
    WaitStatus end = Tracee.Run(pid, breakpoints, address => order.AddRange(methods.Names[address].Where(known.Add)));
    File.WriteAllLines(args[1], order);
    return end.ExitCode;
}
catch (Exception failure) when (failure is IOException or LittleboxException or SystemCallException or FormatException)
{
    Console.Error.WriteLine($"Littlebox.MethodOrder: {failure.Message}");
    return 125;
}
