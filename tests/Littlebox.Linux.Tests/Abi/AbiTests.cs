using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Littlebox.Linux.Tests.Abi;

/// <summary>Every number that Littlebox.Linux shares with the kernel, compared with the C headers. What is new and has no proof makes a test fail.</summary>
public sealed partial class AbiTests
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Type[] Types =
        [.. typeof(Kernel).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith("Littlebox.", StringComparison.Ordinal) == true && !Compiled(type))];

    [Fact]
    public void Every_structure_has_the_size_and_the_offsets_of_its_C_declaration()
    {
        var wrong = new List<string>();
        foreach (Type type in Types.Where(type => type is { IsValueType: true, IsEnum: false } && !KernelStructs.Ours.Contains(type.Name)))
        {
            if (KernelStructs.All.TryGetValue(type.Name, out KernelStruct? known)) wrong.AddRange(Differences(type, known));
            else wrong.Add($"{type.Name} is not in KernelStructs: say which structure of C it is, or that the kernel never sees it");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_flag_has_the_value_of_its_name_in_C()
    {
        var ours = new List<(string Where, string Name, ulong Value)>();
        var wrong = new List<string>();
        foreach (Type type in Types.Where(type => type.IsEnum && type != typeof(Errno) && !KernelConstants.Ours.Contains(type.Name)))
        {
            foreach (object member in Enum.GetValues(type))
            {
                ulong value = ToUnsigned(member);
                string where = $"{type.Name}.{member}";
                if (value == 0 || KernelConstants.Ours.Contains(where)) continue;
                string? name = KernelConstants.Names.GetValueOrDefault(where) ?? NameByCallFlags(type, member);
                if (name is not null && name.Split('|').All(word => NameOfC().IsMatch(word))) ours.AddRange(Parts(where, name, value, type));
                else wrong.Add($"{where} = 0x{value:x} prints as {name ?? "(nothing)"}: it needs a name in CallFlags or in KernelConstants");
            }
        }
        foreach (PropertyInfo property in typeof(OpenFlags).GetProperties(Everything).Where(property => property.PropertyType == typeof(OpenFlags)))
        {
            var value = (OpenFlags)property.GetValue(null)!;
            string name = value.Value == 0 ? "O_RDONLY" : CallFlags.Of(value).Replace("O_RDONLY|", "", StringComparison.Ordinal);
            if (NameOfC().IsMatch(name)) ours.Add(($"OpenFlags.{property.Name}", name, value.Value));
            else wrong.Add($"OpenFlags.{property.Name} prints as {name}: it needs a name in CallFlags");
        }
        Compare(ours, wrong);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_constant_has_the_value_of_its_name_in_C()
    {
        var ours = new List<(string Where, string Name, ulong Value)>();
        var wrong = new List<string>();
        foreach (FieldInfo field in Types.Where(type => !type.IsEnum).SelectMany(type => type.GetFields(Everything)).Where(field => field.IsLiteral && field.FieldType.IsPrimitive))
        {
            string where = $"{field.DeclaringType!.Name}.{field.Name}";
            if (KernelConstants.Ours.Contains(where)) continue;
            if (KernelConstants.Names.TryGetValue(where, out string? name)) ours.Add((where, name, ToUnsigned(field.GetRawConstantValue()!)));
            else wrong.Add($"{where} is not in KernelConstants: say what it is called in C, or that it is not the kernel's");
        }
        Compare(ours, wrong);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_error_number_has_the_value_of_its_name_in_C_and_the_words_of_strerror()
    {
        var wrong = new List<string>();
        Compare(Enum.GetValues<Errno>().Where(error => error != Errno.None).Select(error => ($"Errno.{error}", error.ToString(), (ulong)error)), wrong);
        var source = new StringBuilder(KernelHeaders.Libc).AppendLine("int main(void) {");
        Errno[] errors = [.. Enum.GetValues<Errno>().Where(error => error != Errno.None)];
        foreach (Errno error in errors) source.AppendLine(CultureInfo.InvariantCulture, $"puts(strerror({(int)error}));");
        string[] words = CProgram.Run(source.AppendLine("return 0; }").ToString()).Split('\n');
        for (int i = 0; i < errors.Length; i++)
        {
            if (errors[i].Describe() != words[i]) wrong.Add($"{errors[i]}: ours says “{errors[i].Describe()}”, strerror “{words[i]}”");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_error_number_of_the_headers_is_missing()
    {
        string[] names = [.. CProgram.Macros("#include <asm/errno.h>\n").Select(line => line.Split(' ')[0]).Where(name => name[0] == 'E')];
        Assert.NotEmpty(names);
        Assert.Empty(KernelHeaders.Values(names).Where(pair => !Enum.IsDefined((Errno)pair.Value)).Select(pair => $"{pair.Key} = {pair.Value}"));
    }

    [Fact]
    public void Every_name_of_a_signal_stands_at_its_number_in_C()
    {
        var wrong = new List<string>();
        Compare(Enumerable.Range(1, 31).Select(number => ($"Signal.NameOf({number})", Signal.NameOf(number), (ulong)number)), wrong);
        Assert.Empty(wrong);
    }

    private static IEnumerable<string> Differences(Type type, KernelStruct known)
    {
        FieldInfo[] fields = type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance);
        var source = new StringBuilder(known.Headers).AppendLine("int main(void) {").AppendLine(CultureInfo.InvariantCulture, $"printf(\"%zu\\n\", sizeof({known.Name}));");
        foreach ((_, string theirs) in known.Fields)
            source.AppendLine(CultureInfo.InvariantCulture, $"printf(\"%zu %zu\\n\", offsetof({known.Name}, {theirs}), sizeof((({known.Name} *)0)->{theirs}));");
        string[] lines = CProgram.Run(source.AppendLine("return 0; }").ToString()).Split('\n');

        int size = SizeOf(type), expected = int.Parse(lines[0], CultureInfo.InvariantCulture);
        if (size != expected && !(known.Shorter && size < expected)) yield return $"{type.Name} has {size} bytes, {known.Name} {expected}";
        foreach (FieldInfo field in fields)
        {
            int index = Array.FindIndex(known.Fields, pair => pair.Ours == field.Name);
            if (index < 0)
            {
                if (!field.Name.StartsWith("spare", StringComparison.Ordinal)) yield return $"{type.Name}.{field.Name} is not in KernelStructs";
                continue;
            }
            string ours = $"{OffsetOf(type, field)} {SizeOf(field.FieldType)}";
            if (ours != lines[index + 1]) yield return $"{type.Name}.{field.Name} has offset and size {ours}, {known.Name}.{known.Fields[index].Theirs} {lines[index + 1]}";
        }
        foreach ((string name, _) in known.Fields)
        {
            if (!fields.Any(field => field.Name == name)) yield return $"{type.Name} has no field {name} any more: KernelStructs is stale";
        }
    }

    internal static void Compare(IEnumerable<(string Where, string Name, ulong Value)> ours, List<string> wrong)
    {
        (string Where, string Name, ulong Value)[] all = [.. ours];
        Dictionary<string, ulong> headers = KernelHeaders.Values(all.SelectMany(one => one.Name.Split('|')));
        foreach ((string where, string name, ulong value) in all)
        {
            ulong? theirs = NewerConstants.ValueOf(name, headers);
            if (theirs is null) wrong.Add($"{where}: the headers have no {name}, nor does NewerConstants");
            else if (theirs != value && !SameAsInt(theirs.Value, value)) wrong.Add($"{where} is 0x{value:x}, {name} is 0x{theirs:x}");
        }
    }

    // An int of C may be signed where ours is not, and the other way round: the kernel looks at its 32 bits.
    private static bool SameAsInt(ulong theirs, ulong ours) => unchecked((uint)theirs == (uint)ours) && IsInt(theirs) && IsInt(ours);

    private static bool IsInt(ulong value) => value is <= uint.MaxValue or >= 0xffffffff80000000;

    // A member that is made of several flags is right when each of them is a member too, and so is compared by itself.
    private static IEnumerable<(string Where, string Name, ulong Value)> Parts(string where, string name, ulong value, Type type)
    {
        if (!name.Contains('|', StringComparison.Ordinal)) return [(where, name, value)];
        return Enum.GetValues(type).Cast<object>().Where(member => ToUnsigned(member) is var bit && bit != 0 && bit != value && (value & bit) == bit)
            .Select(member => (where, NameByCallFlags(type, member)!, ToUnsigned(member)));
    }

    private static string? NameByCallFlags(Type type, object member) =>
        typeof(CallFlags).GetMethod(nameof(CallFlags.Of), [type])?.Invoke(null, [member]) as string;

    // The size of the type as its field is declared: 32 bits of a negative number stay 32 bits.
    private static ulong ToUnsigned(object value)
    {
        object plain = value is Enum ? Convert.ChangeType(value, Enum.GetUnderlyingType(value.GetType()), CultureInfo.InvariantCulture) : value;
        return plain switch
        {
            long number => unchecked((ulong)number),
            int number => unchecked((ulong)number),
            short number => unchecked((ulong)number),
            sbyte number => unchecked((ulong)number),
            _ => Convert.ToUInt64(plain, CultureInfo.InvariantCulture),
        };
    }

    private static int SizeOf(Type type) =>
        type.IsEnum ? SizeOf(Enum.GetUnderlyingType(type)) : (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static int OffsetOf(Type type, FieldInfo field) => (int)System.Runtime.InteropServices.Marshal.OffsetOf(type, field.Name);

    private static bool Compiled(Type type) => type.Name.Contains('<', StringComparison.Ordinal) || type.IsDefined(typeof(CompilerGeneratedAttribute)) || (type.DeclaringType is { } outer && Compiled(outer));

    [GeneratedRegex("^[A-Z][A-Z0-9_]*$")]
    private static partial Regex NameOfC();
}
