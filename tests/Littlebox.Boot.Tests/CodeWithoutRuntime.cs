using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Littlebox.Boot.Tests;

/// <summary>
/// Reads the compiled code of a method, and of every method it calls, and finds what would need the .NET runtime when it runs: allocation, exceptions,
/// static fields, virtual, generic and native calls, and calls into other assemblies. What is not known to be harmless is refused.
/// </summary>
public sealed class CodeWithoutRuntime : IDisposable
{
    // Arithmetic, comparisons, branches, locals, arguments, and reads and writes through pointers. Not div and rem, which can throw; not the checked
    // forms; not cpblk and initblk, which are calls of memcpy and memset; nothing that has an object, an array or a string as operand.
    private static readonly HashSet<short> Harmless =
    [
        .. new[]
        {
            OpCodes.Nop, OpCodes.Dup, OpCodes.Pop, OpCodes.Ret, OpCodes.Switch,
            OpCodes.Ldarg, OpCodes.Ldarg_S, OpCodes.Ldarg_0, OpCodes.Ldarg_1, OpCodes.Ldarg_2, OpCodes.Ldarg_3, OpCodes.Ldarga, OpCodes.Ldarga_S, OpCodes.Starg, OpCodes.Starg_S,
            OpCodes.Ldloc, OpCodes.Ldloc_S, OpCodes.Ldloc_0, OpCodes.Ldloc_1, OpCodes.Ldloc_2, OpCodes.Ldloc_3, OpCodes.Ldloca, OpCodes.Ldloca_S,
            OpCodes.Stloc, OpCodes.Stloc_S, OpCodes.Stloc_0, OpCodes.Stloc_1, OpCodes.Stloc_2, OpCodes.Stloc_3,
            OpCodes.Ldc_I4, OpCodes.Ldc_I4_S, OpCodes.Ldc_I4_M1, OpCodes.Ldc_I4_0, OpCodes.Ldc_I4_1, OpCodes.Ldc_I4_2, OpCodes.Ldc_I4_3, OpCodes.Ldc_I4_4, OpCodes.Ldc_I4_5,
            OpCodes.Ldc_I4_6, OpCodes.Ldc_I4_7, OpCodes.Ldc_I4_8, OpCodes.Ldc_I8,
            OpCodes.Add, OpCodes.Sub, OpCodes.Mul, OpCodes.And, OpCodes.Or, OpCodes.Xor, OpCodes.Not, OpCodes.Neg, OpCodes.Shl, OpCodes.Shr, OpCodes.Shr_Un,
            OpCodes.Ceq, OpCodes.Cgt, OpCodes.Cgt_Un, OpCodes.Clt, OpCodes.Clt_Un,
            OpCodes.Conv_I, OpCodes.Conv_U, OpCodes.Conv_I1, OpCodes.Conv_I2, OpCodes.Conv_I4, OpCodes.Conv_I8, OpCodes.Conv_U1, OpCodes.Conv_U2, OpCodes.Conv_U4, OpCodes.Conv_U8,
            OpCodes.Br, OpCodes.Br_S, OpCodes.Brtrue, OpCodes.Brtrue_S, OpCodes.Brfalse, OpCodes.Brfalse_S, OpCodes.Beq, OpCodes.Beq_S, OpCodes.Bne_Un, OpCodes.Bne_Un_S,
            OpCodes.Bge, OpCodes.Bge_S, OpCodes.Bge_Un, OpCodes.Bge_Un_S, OpCodes.Bgt, OpCodes.Bgt_S, OpCodes.Bgt_Un, OpCodes.Bgt_Un_S,
            OpCodes.Ble, OpCodes.Ble_S, OpCodes.Ble_Un, OpCodes.Ble_Un_S, OpCodes.Blt, OpCodes.Blt_S, OpCodes.Blt_Un, OpCodes.Blt_Un_S,
            OpCodes.Ldind_I, OpCodes.Ldind_I1, OpCodes.Ldind_I2, OpCodes.Ldind_I4, OpCodes.Ldind_I8, OpCodes.Ldind_U1, OpCodes.Ldind_U2, OpCodes.Ldind_U4,
            OpCodes.Stind_I, OpCodes.Stind_I1, OpCodes.Stind_I2, OpCodes.Stind_I4, OpCodes.Stind_I8,
            OpCodes.Ldfld, OpCodes.Ldflda, OpCodes.Stfld, OpCodes.Sizeof, OpCodes.Localloc, OpCodes.Volatile, OpCodes.Unaligned,
        }.Select(static code => code.Value),
    ];

    private static readonly Dictionary<short, OpCode> Known = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!).ToDictionary(static code => code.Value);

    private readonly PEReader image;
    private readonly MetadataReader metadata;

    /// <summary>Opens an assembly's file.</summary>
    public CodeWithoutRuntime(Assembly assembly)
    {
        image = new PEReader(File.OpenRead(assembly.Location));
        metadata = image.GetMetadataReader();
    }

    /// <summary>How many instructions have been read; a check that reads none proves nothing.</summary>
    public int Instructions { get; private set; }

    /// <summary>What would need the runtime: the method and the instruction. Empty for code that may run in the child.</summary>
    public IReadOnlyList<string> Offences(MethodInfo start)
    {
        var found = new List<string>();
        var seen = new HashSet<MethodDefinitionHandle>();
        var waiting = new Stack<MethodDefinitionHandle>([(MethodDefinitionHandle)MetadataTokens.Handle(start.MetadataToken)]);
        while (waiting.TryPop(out MethodDefinitionHandle method))
        {
            if (seen.Add(method)) Read(method, waiting, found);
        }
        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => image.Dispose();

    private void Read(MethodDefinitionHandle handle, Stack<MethodDefinitionHandle> waiting, List<string> found)
    {
        MethodDefinition method = metadata.GetMethodDefinition(handle);
        string name = metadata.GetString(method.Name);
        void Offence(string what) => found.Add($"{name}: {what}");

        if ((method.Attributes & MethodAttributes.PinvokeImpl) != 0) Offence("is a P/Invoke");
        if ((method.Attributes & MethodAttributes.Static) == 0) Offence("is not static");
        if (method.GetGenericParameters().Count > 0) Offence("is generic");
        if ((method.ImplAttributes & (MethodImplAttributes.InternalCall | MethodImplAttributes.Synchronized)) != 0) Offence("is the runtime's own, or takes a lock");
        if (method.RelativeVirtualAddress == 0)
        {
            Offence("has no code to be read");
            return;
        }
        TypeDefinition type = metadata.GetTypeDefinition(method.GetDeclaringType());
        if (type.GetMethods().Any(candidate => metadata.GetString(metadata.GetMethodDefinition(candidate).Name) == ".cctor")) Offence("its class has a static constructor");
        if (type.GetGenericParameters().Count > 0) Offence("its class is generic");

        MethodBodyBlock body = image.GetMethodBody(method.RelativeVirtualAddress);
        if (body.ExceptionRegions.Length > 0) Offence("has a try block");
        BlobReader code = body.GetILReader();
        while (code.RemainingBytes > 0)
        {
            int first = code.ReadByte();
            OpCode instruction = Known[first == 0xfe ? (short)(0xfe00 | code.ReadByte()) : (short)first];
            Instructions++;
            EntityHandle? operand = Operand(ref code, instruction);
            if (instruction == OpCodes.Calli) Check((StandaloneSignatureHandle)operand!.Value, Offence);
            else if (instruction == OpCodes.Call && operand!.Value.Kind == HandleKind.MethodDefinition) waiting.Push((MethodDefinitionHandle)operand.Value);
            else if (!Harmless.Contains(instruction.Value)) Offence($"{instruction.Name} {Describe(operand)}".Trim());
        }
    }

    // A managed function pointer that takes and returns numbers: no transition, no GC poll, nothing to keep alive.
    private void Check(StandaloneSignatureHandle handle, Action<string> offence)
    {
        BlobReader blob = metadata.GetBlobReader(metadata.GetStandaloneSignature(handle).Signature);
        SignatureHeader header = blob.ReadSignatureHeader();
        if (header.CallingConvention != SignatureCallingConvention.Default || header.IsInstance || header.IsGeneric) offence($"calli of the convention {header.CallingConvention}, which is not the managed one");
        int types = blob.ReadCompressedInteger() + 1;
        for (int i = 0; i < types; i++)
        {
            if (blob.ReadSignatureTypeCode() != SignatureTypeCode.IntPtr) offence("calli with something else than nint");
        }
    }

    private static EntityHandle? Operand(ref BlobReader code, OpCode instruction)
    {
        switch (instruction.OperandType)
        {
            case OperandType.InlineNone: return null;
            case OperandType.InlineSwitch:
                int targets = code.ReadInt32();
                code.Offset += 4 * targets;
                return null;
            case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                code.Offset += 1;
                return null;
            case OperandType.InlineVar:
                code.Offset += 2;
                return null;
            case OperandType.InlineBrTarget or OperandType.InlineI or OperandType.ShortInlineR or OperandType.InlineString:
                code.Offset += 4;
                return null;
            case OperandType.InlineI8 or OperandType.InlineR:
                code.Offset += 8;
                return null;
            default: return MetadataTokens.EntityHandle(code.ReadInt32());
        }
    }

    private string Describe(EntityHandle? operand) => operand is not { } handle ? "" : handle.Kind switch
    {
        HandleKind.MemberReference => $"{TypeName(metadata.GetMemberReference((MemberReferenceHandle)handle).Parent)}.{metadata.GetString(metadata.GetMemberReference((MemberReferenceHandle)handle).Name)}",
        HandleKind.MethodDefinition => metadata.GetString(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).Name),
        HandleKind.FieldDefinition => metadata.GetString(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).Name),
        HandleKind.MethodSpecification => $"the generic {Describe(metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method)}",
        _ => TypeName(handle),
    };

    private string TypeName(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeReference => metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)handle).Name),
        HandleKind.TypeDefinition => metadata.GetString(metadata.GetTypeDefinition((TypeDefinitionHandle)handle).Name),
        _ => handle.Kind.ToString(),
    };
}
