using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gamekeeper.Tests.Rules;

/// <summary>Prints what the outside may call, one line a member, in an order that only changes when the surface does.</summary>
internal static class PublicApiPrinter
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
    };

    public static string Print(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().Where(t => !IsGenerated(t)).OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type, full: true)).Append(Bases(type)).Append('\n');
            var members = type.IsEnum
                ? Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt64(Enum.Parse(type, n))}")
                : type.IsAssignableTo(typeof(Delegate)) ? [Signature(type.GetMethod("Invoke")!)]
                : type.GetMembers(Declared).Where(m => !IsGenerated(m)).Select(Line).OfType<string>().Order(StringComparer.Ordinal);
            foreach (var member in members)
                text.Append("    ").Append(member).Append('\n');
        }
        return text.ToString();
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsAssignableTo(typeof(Delegate)) ? "delegate"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static string Bases(Type type)
    {
        if (type.IsEnum || type.IsAssignableTo(typeof(Delegate)))
            return "";
        var inherited = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) ? b.GetInterfaces() : [];
        IEnumerable<string> bases = type.BaseType is { } other && other != typeof(object) && other != typeof(ValueType) ? [Name(other)] : [];
        bases = bases.Concat(type.GetInterfaces().Except(inherited).Where(i => !i.Name.StartsWith("IEquatable", StringComparison.Ordinal)).Select(i => Name(i)).Order(StringComparer.Ordinal));
        return bases.Any() ? " : " + string.Join(", ", bases) : "";
    }

    private static string? Line(MemberInfo member) =>
        member switch
        {
            FieldInfo { IsPublic: true } f => $"{(f.IsLiteral ? "const " : f.IsStatic ? "static " : "")}{Name(f.FieldType)} {f.Name}{(f.IsLiteral ? " = " + f.GetRawConstantValue() : "")}",
            PropertyInfo p when Accessors(p) is { Length: > 0 } accessors => $"{Static(p.GetAccessors(nonPublic: true)[0])}{Name(p.PropertyType)}{Mark(p.PropertyType, new NullabilityInfoContext().Create(p))} {p.Name} {{ {accessors} }}",
            EventInfo e when IsSeen(e.AddMethod!) => $"event {Name(e.EventHandlerType!)} {e.Name}",
            ConstructorInfo { IsStatic: false } c when IsSeen(c) => $"new({Parameters(c)})",
            MethodInfo m when IsSeen(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)) => Static(m) + Signature(m),
            _ => null,
        };

    private static string Accessors(PropertyInfo p) =>
        string.Join(
            ' ',
            new[] { (p.GetMethod, "get;"), (p.SetMethod, IsInit(p.SetMethod) ? "init;" : "set;") }.Where(a => a.Item1 is { } m && IsSeen(m)).Select(a => a.Item2)
        );

    private static bool IsInit(MethodInfo? setter) =>
        setter?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ?? false;

    private static string Signature(MethodInfo m) => $"{Name(m.ReturnType)}{Mark(m.ReturnType, new NullabilityInfoContext().Create(m.ReturnParameter))} {m.Name}{Generics(m.IsGenericMethod ? m.GetGenericArguments() : [])}({Parameters(m)})";

    private static string Parameters(MethodBase m) =>
        string.Join(", ", m.GetParameters().Select(p => $"{(p.IsOut ? "out " : "")}{Name(p.ParameterType)}{Mark(p.ParameterType, new NullabilityInfoContext().Create(p))} {p.Name}{(p.HasDefaultValue ? " = " + (p.DefaultValue ?? "default") : "")}"));

    private static string Static(MethodBase m) => (m.IsStatic ? "static " : "") + (m.IsAbstract && m.DeclaringType is { IsInterface: false } ? "abstract " : "");

    private static bool IsSeen(MethodBase m) => m.IsPublic || ((m.IsFamily || m.IsFamilyOrAssembly) && m.DeclaringType is { IsSealed: false });

    private static bool IsGenerated(MemberInfo m) => m.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static string Generics(Type[] arguments) => arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(a => Name(a)))}>";

    // Value types carry their question mark in their type.
    private static string Mark(Type type, NullabilityInfo info) =>
        !type.IsValueType && !type.IsGenericParameter && info.ReadState == NullabilityState.Nullable ? "?" : "";

    private static string Name(Type type, bool full = false)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!);
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Name(underlying) + "?";
        if (type.IsGenericParameter)
            return type.Name;
        if (Words.TryGetValue(type, out var word))
            return word;
        var name = type.Name.Split('`')[0];
        var outer = type.DeclaringType is { } d ? Name(d, full).Split('<')[0] + "." : full ? type.Namespace + "." : "";
        return outer + name + Generics(type.GetGenericArguments());
    }
}
