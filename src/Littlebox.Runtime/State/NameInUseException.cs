using Littlebox.Linux;

namespace Littlebox.Runtime.State;

/// <summary>The name is that of a running container. Who made the name up can make up another; nothing has been touched.</summary>
/// <param name="sentence">What to tell people.</param>
public sealed class NameInUseException(string sentence) : LittleboxException(ErrorKind.InvalidArgument, sentence);
