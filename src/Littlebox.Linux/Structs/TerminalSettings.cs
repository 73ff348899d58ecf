using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary><c>struct termios</c> as the kernel's TCGETS and TCSETS have it (asm-generic/termbits.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct TerminalSettings
{
    /// <summary>Input modes (c_iflag).</summary>
    public uint Input;

    /// <summary>Output modes (c_oflag).</summary>
    public uint Output;

    /// <summary>Control modes (c_cflag).</summary>
    public uint Control;

    /// <summary>Local modes (c_lflag).</summary>
    public uint Local;

    /// <summary>Line discipline.</summary>
    public byte Line;

    /// <summary>Special characters (c_cc).</summary>
    public fixed byte Characters[19];

    /// <summary>The settings of cfmakeraw(3): every byte goes through as it is.</summary>
    public readonly TerminalSettings Raw()
    {
        TerminalSettings raw = this;
        // Octal values of termbits.h: IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON; OPOST; ECHO ECHONL ICANON ISIG IEXTEN; CSIZE PARENB, CS8.
        raw.Input &= ~(0x1u | 0x2u | 0x8u | 0x20u | 0x40u | 0x80u | 0x100u | 0x400u);
        raw.Output &= ~0x1u;
        raw.Local &= ~(0x8u | 0x40u | 0x2u | 0x1u | 0x8000u);
        raw.Control = (raw.Control & ~(0x30u | 0x100u)) | 0x30u;
        raw.Characters[6] = 1; // VMIN
        raw.Characters[5] = 0; // VTIME
        return raw;
    }
}

/// <summary><c>struct winsize</c> of TIOCGWINSZ.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct WindowSize
{
    /// <summary>Rows of characters.</summary>
    public ushort Rows;

    /// <summary>Columns of characters.</summary>
    public ushort Columns;

    /// <summary>Width in pixels.</summary>
    public ushort Width;

    /// <summary>Height in pixels.</summary>
    public ushort Height;
}
