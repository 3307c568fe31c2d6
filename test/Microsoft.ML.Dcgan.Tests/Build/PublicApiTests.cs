using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>
/// What users can name is in a file, so that a change of it shows in a review. After a change that is meant, run this test
/// with the environment variable WRITE_PUBLIC_API set to 1, which writes the file anew.
/// </summary>
[TestClass]
public sealed class PublicApiTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private static readonly string _file = Path.Combine(Checkout.Root, "src", "Microsoft.ML.Dcgan", "PublicApi.txt");
    private static readonly NullabilityInfoContext _nullability = new();

    private static readonly Dictionary<Type, string> _keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
        [typeof(void)] = "void",
    };

    [TestMethod]
    public void The_public_api_is_the_one_in_the_file()
    {
        string[] api = [.. typeof(DcganTransformer).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(Lines)];
        if (Environment.GetEnvironmentVariable("WRITE_PUBLIC_API") == "1")
            File.WriteAllLines(_file, api);
        string[] known = File.ReadAllLines(_file);
        string[] changes = [.. api.Except(known).Select(line => "+ " + line), .. known.Except(api).Select(line => "- " + line)];
        Assert.IsTrue(api.SequenceEqual(known), $"The public API is no longer what {_file} says:\n{string.Join('\n', changes)}");
    }

    // A line for the type and one for each of its members, each with the type's name, so that it can be read by itself.
    private static IEnumerable<string> Lines(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface"
            : (type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + "class";
        IEnumerable<string> bases = new[] { type.BaseType }.Where(known => known != typeof(object) && known != typeof(ValueType)
            && known != typeof(Enum))
            .Concat(type.GetInterfaces().Where(known => known.IsPublic && known.Name != "IEquatable`1" && !type.IsEnum)).OfType<Type>()
                .Select(Name);
        yield return $"{kind} {FullName(type)}{string.Concat(bases.Select((known, i) => (i == 0 ? " : " : ", ") + known))}";
        foreach (string line in type.GetMembers(Declared).Where(member => IsApi(type, member)).Select(Text).OfType<string>()
            .Order(StringComparer.Ordinal))
            yield return $"    {FullName(type)}.{line}";
    }

    private static bool IsApi(Type type, MemberInfo member) => !member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && member switch
        {
            MethodBase method => IsReachable(method) && (method.IsConstructor || !method.IsSpecialName)
                && !(method is MethodInfo { IsVirtual: true } known && known.GetBaseDefinition().DeclaringType == typeof(object)),
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsReachable),
            FieldInfo field => field.IsPublic && !field.IsSpecialName,
            _ => false,
        };

    private static bool IsReachable(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string? Text(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"{constructor.DeclaringType!.Name}({Parameters(constructor)})",
        MethodInfo method => $"{method.Name}({Parameters(method)}) -> {(method.IsStatic ? "static " : "")}{Name(method.ReturnType, _nullability.Create(method.ReturnParameter))}",
        PropertyInfo property => $"{property.Name} {{ get; {Setter(property.SetMethod)}}} -> {Name(property.PropertyType, _nullability.Create(property))}",
        FieldInfo { IsLiteral: true } constant =>
            $"{constant.Name} = {Convert.ToString(constant.GetRawConstantValue(), CultureInfo.InvariantCulture)}",
        FieldInfo field => $"{field.Name} -> {Name(field.FieldType, _nullability.Create(field))}",
        _ => null,
    };

    private static string Setter(MethodInfo? setter) => setter is not { IsPublic: true } ? ""
        : setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; ";

    private static string Parameters(MethodBase method) => (method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : "")
        + string.Join(", ", method.GetParameters()
            .Select(parameter => $"{Name(parameter.ParameterType, _nullability.Create(parameter))} {parameter.Name}{Default(parameter)}"));

    private static string Default(ParameterInfo parameter) => !parameter.HasDefaultValue ? "" : " = " + parameter.DefaultValue switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        var value when parameter.ParameterType.IsEnum => $"{Name(parameter.ParameterType)}.{Enum.ToObject(parameter.ParameterType, value)}",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string FullName(Type type) => $"{type.Namespace}.{Name(type)}";

    private static string Name(Type type) => Name(type, null);

    private static string Name(Type type, NullabilityInfo? nullability)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Name(value) + "?";
        if (type.DeclaringType is { } outer)
            return $"{Name(outer)}.{type.Name}";
        string name = type.IsArray ? Name(type.GetElementType()!, nullability?.ElementType) + "[]"
            : _keywords.TryGetValue(type, out string? keyword) ? keyword
            : !type.IsGenericType ? type.Name
            : $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select((argument, i) => Name(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(i))))}>";
        return !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? name + "?" : name;
    }
}
