using System.Globalization;
using System.Text;
using Littlebox.Linux;

namespace Littlebox.Runtime.Bus;

/// <summary>
/// Values with their types as text: <c>uint64 123</c>, <c>'inactive-or-failed'</c>, <c>['a.service', 'b.service']</c>, <c>[('/dev/sda', uint64 1000)]</c>
/// (GLib, GVariant Text Format). Numbers, booleans, strings, arrays, structures, and a type in front of a value (<c>@as []</c>); no dictionaries, and no variants.
/// </summary>
public ref struct GVariantText
{
    private const int DeepestNesting = 16;
    private static readonly string[] Words = ["boolean", "byte", "int16", "uint16", "int32", "uint32", "int64", "uint64", "double", "string", "objectpath", "signature"];
    private const string Types = "bynqiuxtdsog";

    private readonly ReadOnlySpan<char> text;
    private int at;

    private GVariantText(ReadOnlySpan<char> text) => this.text = text;

    /// <summary>Reads a value.</summary>
    /// <exception cref="FormatException">It is none; the words say where and why.</exception>
    public static BusValue Parse(ReadOnlySpan<char> text)
    {
        var reader = new GVariantText(text);
        BusValue value = reader.Value("", 0);
        reader.Blank();
        return reader.at == text.Length ? value : throw reader.Bad("something follows the value");
    }

    // The type that is asked for, or an empty one for what the value looks like.
    private BusValue Value(string type, int depth)
    {
        if (depth > DeepestNesting) throw Bad("it is nested too deeply");
        Blank();
        if (at == text.Length) throw Bad("a value is missing");
        char first = text[at];
        if (first == '@')
        {
            at++;
            string given = Signature();
            return Value(Same(type, given), depth + 1);
        }
        if (first == '[') return List(type, depth);
        if (first == '(') return Structure(type, depth);
        if (first is '\'' or '"') return Quoted(type);
        if (char.IsAsciiLetter(first))
        {
            ReadOnlySpan<char> word = Word();
            if (word is "true" or "false")
            {
                Same(type, "b");
                return BusValue.Of(word is "true");
            }
            int known = Words.IndexOf(word.ToString());
            if (known >= 0) return Value(Same(type, Types[known].ToString()), depth + 1);
            if (word is not ("inf" or "nan" or "infinity")) throw Bad($"“{word}” is neither a type nor a value (strings have quotes)");
            at -= word.Length;
        }
        return Number(type);
    }

    private BusArray List(string type, int depth)
    {
        if (type.Length > 0 && type[0] != 'a') throw Bad("an array is not what is asked for");
        string element = type.Length > 0 ? type[1..] : "";
        List<BusValue> items = Items(']', depth, _ => element);
        if (items.Count > 0) element = items[0].Signature;
        if (element.Length == 0) throw Bad("an empty array needs its type in front: @as []");
        return new BusArray(element, items);
    }

    private BusTuple Structure(string type, int depth)
    {
        List<string>? fields = type.Length == 0 ? null : type[0] == '(' ? Fields(type) : throw Bad("a structure is not what is asked for");
        List<BusValue> items = Items(')', depth, index => fields is null ? "" : index < fields.Count ? fields[index] : throw new FormatException("a structure has too many fields"));
        if (items.Count == 0 || fields is not null && items.Count != fields.Count) throw Bad("a structure has too few fields");
        return new BusTuple(items);
    }

    private List<BusValue> Items(char close, int depth, Func<int, string> type)
    {
        at++;
        var items = new List<BusValue>();
        while (true)
        {
            Blank();
            if (at < text.Length && text[at] == close) break;
            if (items.Count > 0 && (at == text.Length || text[at++] != ',')) throw Bad($"a comma or {close} is missing");
            Blank();
            // A structure of one field has a comma behind it.
            if (items.Count > 0 && close == ')' && at < text.Length && text[at] == close) break;
            string wanted = close == ']' && items.Count > 0 ? items[0].Signature : type(items.Count);
            items.Add(Value(wanted, depth + 1));
        }
        at++;
        return items;
    }

    private BusText Quoted(string type)
    {
        if (type.Length > 0 && type is not ("s" or "o" or "g")) throw Bad("a string is not what is asked for");
        char quote = text[at++];
        var content = new StringBuilder();
        while (true)
        {
            if (at == text.Length) throw Bad("a string does not end");
            char c = text[at++];
            if (c == quote) break;
            content.Append(c != '\\' ? c.ToString() : Escaped());
        }
        string value = content.ToString();
        if (value.Contains('\0')) throw Bad("a string has a NUL");
        if (type == "o" && !value.StartsWith('/')) throw Bad("the path of an object begins with a slash");
        if (type == "g") new GVariantText(value).AllTypes();
        return new BusText(type.Length > 0 ? type[0] : 's', value);
    }

    private string Escaped()
    {
        if (at == text.Length) throw Bad("a string does not end");
        char c = text[at++];
        switch (c)
        {
            case 'a': return "\a";
            case 'b': return "\b";
            case 'f': return "\f";
            case 'n': return "\n";
            case 'r': return "\r";
            case 't': return "\t";
            case 'v': return "\v";
            case 'u' or 'U':
                int digits = c == 'u' ? 4 : 8;
                if (text.Length - at < digits || !int.TryParse(text.Slice(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) || !Rune.IsValid(code))
                    throw Bad($"\\{c} needs {digits} hexadecimal digits of a character");
                at += digits;
                return new Rune(code).ToString();
            default: return c.ToString();
        }
    }

    private BusNumber Number(string type)
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '+' or '-' or '.')) at++;
        ReadOnlySpan<char> word = text[start..at];
        if (word.IsEmpty) throw Bad($"there is no value that begins with “{text[at]}”");
        bool isHex = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || word.StartsWith("-0x", StringComparison.OrdinalIgnoreCase);
        bool isFloat = !isHex && word.IndexOfAny(".einE") >= 0;
        if (type.Length == 0) type = isFloat ? "d" : "i";
        if (type == "d")
        {
            // GLib's words for what is no number of a line.
            double value = word is "inf" or "infinity" ? double.PositiveInfinity : word is "-inf" or "-infinity" ? double.NegativeInfinity
                : double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) ? parsed : throw Bad($"“{word}” is no number");
            return new BusNumber('d', BitConverter.DoubleToUInt64Bits(value));
        }
        (Int128 least, Int128 most) = type switch
        {
            "y" => (0, byte.MaxValue),
            "n" => (short.MinValue, short.MaxValue),
            "q" => (0, ushort.MaxValue),
            "i" => (int.MinValue, int.MaxValue),
            "u" => (0, uint.MaxValue),
            "x" => (long.MinValue, long.MaxValue),
            "t" => ((Int128)0, (Int128)ulong.MaxValue),
            _ => throw Bad("a number is not what is asked for"),
        };
        bool isNegative = word[0] == '-';
        ReadOnlySpan<char> plain = word[(word[0] is '-' or '+' ? 1 : 0)..];
        // A digit first: what is parsed has no second sign. A leading 0 is octal, as in C.
        NumberStyles style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        bool isNumber = !isHex && plain.Length > 1 && plain[0] == '0' ? TryOctal(plain, out UInt128 magnitude) : UInt128.TryParse(isHex ? plain[2..] : plain, style, CultureInfo.InvariantCulture, out magnitude);
        if (!isNumber || magnitude > ulong.MaxValue) throw Bad($"“{word}” is no number");
        Int128 number = isNegative ? -(Int128)magnitude : (Int128)magnitude;
        if (number < least || number > most) throw Bad($"{word} is not between {least} and {most}");
        return new BusNumber(type[0], (ulong)(number & ulong.MaxValue));
    }

    private static bool TryOctal(ReadOnlySpan<char> digits, out UInt128 value)
    {
        value = 0;
        if (digits.Length > 32) return false;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7') return false;
            value = value * 8 + (uint)(digit - '0');
        }
        return true;
    }

    // One complete type: as, a(st)
    private string Signature()
    {
        int start = at;
        OneType(0);
        return text[start..at].ToString();
    }

    private void AllTypes()
    {
        while (at < text.Length) OneType(0);
    }

    private void OneType(int depth)
    {
        if (depth > DeepestNesting) throw Bad("it is nested too deeply");
        if (at == text.Length) throw Bad("a type ends too early");
        char c = text[at++];
        if (c == 'a')
        {
            OneType(depth + 1);
            return;
        }
        if (Types.Contains(c)) return;
        if (c != '(') throw Bad($"“{c}” is no type");
        do OneType(depth + 1);
        while (at < text.Length && text[at] != ')');
        if (at++ == text.Length) throw Bad("a type ends too early");
    }

    private static List<string> Fields(string structure)
    {
        var fields = new List<string>();
        var reader = new GVariantText(structure.AsSpan()[1..^1]);
        while (reader.at < reader.text.Length) fields.Add(reader.Signature());
        return fields;
    }

    private readonly string Same(string wanted, string given) => wanted.Length == 0 || wanted == given ? given : throw Bad($"it is of the type {given}, where {wanted} is asked for");

    private ReadOnlySpan<char> Word()
    {
        int start = at;
        while (at < text.Length && char.IsAsciiLetterOrDigit(text[at])) at++;
        return text[start..at];
    }

    private void Blank()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n') at++;
    }

    private readonly FormatException Bad(string why) => new($"{why} (character {at + 1})");
}
