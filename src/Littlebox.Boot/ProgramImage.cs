using System.Runtime.CompilerServices;
using Littlebox.Linux;

namespace Littlebox.Boot;

/// <summary>
/// What a child needs to let go of the file it was cloned from: a copy of the interpreter's code that lies in no file, and an empty file to be the child's executable instead.
/// Made once for the process, and kept.
/// </summary>
/// <remarks>
/// The kernel lets a process have another executable only when no part of the present one is mapped any more (PR_SET_MM_EXE_FILE of prctl(2)). All that runs in a child is one method and the
/// system call code, which lies in a page of its own; so the copy takes the method's place, and the rest is unmapped. That the method is complete in itself (no table, no constant outside) is
/// proved on the native binary by a test. Threads: any.
/// </remarks>
internal sealed unsafe class ProgramImage
{
    /// <summary>How many bytes of code are kept, from the interpreter's first on: at least its length, which a test compares.</summary>
    public const int CodeLength = 0x2000;

    private const int ProtReadWrite = 3, ProtReadExecute = 5, MapPrivate = 2, MapAnonymous = 0x20, MapPopulate = 0x8000;
    private static readonly Lock Making = new();
    private static ProgramImage? made;

    private ProgramImage()
    {
        Blank = Kernel.EmptyExecutable("littlebox");
        (Start, End) = ProgramMemory.Range;
        (CodeStart, CodeEnd) = Code;
        CodeEnd = Math.Min(CodeEnd, End);
        nint length = CodeEnd - CodeStart;
        Copy = Kernel.Check(SystemCall.Invoke(SystemCallNumber.Mmap, 0, length, ProtReadWrite, MapPrivate | MapAnonymous | MapPopulate, -1, 0), $"mmap(NULL, {length}, PROT_READ|PROT_WRITE, …)");
        new ReadOnlySpan<byte>((void*)CodeStart, (int)length).CopyTo(new Span<byte>((void*)Copy, (int)length));
        Kernel.Check(SystemCall.Invoke(SystemCallNumber.Mprotect, Copy, length, ProtReadExecute), $"mprotect({Copy}, {length}, PROT_READ|PROT_EXEC)");
    }

    /// <summary>The image can be left: it holds compiled code. While the program is developed, the code is made as it runs and lies elsewhere, and the file is that of .NET's host.</summary>
    public static bool CanBeLeft => !RuntimeFeature.IsDynamicCodeSupported;

    /// <summary>The first page with code of the interpreter, and the one behind its last.</summary>
    public static (nint Start, nint End) Code
    {
        get
        {
            nint page = Machine.PageSize - 1, code = (nint)(delegate*<Head*, nint>)&Interpreter.Run;
            return (code & ~page, (code + CodeLength + page) & ~page);
        }
    }

    /// <summary>The copy of the interpreter's code, where one has been made: its first page and its length; else 0.</summary>
    public static (nint Start, nint Length) MadeCopy => made is { } image ? (image.Copy, image.CodeEnd - image.CodeStart) : default;

    /// <summary>That of this process.</summary>
    /// <exception cref="SystemCallException">The empty file could not be made.</exception>
    public static ProgramImage Own
    {
        get
        {
            lock (Making) return made ??= new ProgramImage();
        }
    }

    /// <summary>The empty file.</summary>
    public Descriptor Blank { get; }

    /// <summary>The image's first page.</summary>
    public nint Start { get; }

    /// <summary>The page behind its last.</summary>
    public nint End { get; }

    /// <summary>The first page with code of the interpreter.</summary>
    public nint CodeStart { get; }

    /// <summary>The page behind its last.</summary>
    public nint CodeEnd { get; }

    /// <summary>Where the copy of these pages lies.</summary>
    public nint Copy { get; }
}
