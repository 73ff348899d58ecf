namespace Littlebox.Linux;

/// <summary>Numbers of rtnetlink(7): kinds of messages, their flags, their attributes.</summary>
internal static class RouteNumbers
{
    public const ushort NewLink = 16, GetLink = 18, NewAddress = 20, GetAddress = 22;
    public const ushort Error = 2, Done = 3;
    public const ushort Request = 1, Acknowledge = 4, Create = 0x400, Replace = 0x100, Dump = 0x300;
    public const ushort LinkName = 3, LinkNamespace = 28;
    public const ushort Address = 1, LocalAddress = 2, Broadcast = 4, AddressFlags = 8;
    public const uint Up = 1, Permanent = 0x80;
}
