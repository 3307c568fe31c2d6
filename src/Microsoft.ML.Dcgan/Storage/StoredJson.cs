using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Dcgan.Storage;

/// <summary>Records as JSON in files, which the framework's serializer would write and read alike. By reflection: of a model's types the
/// serializer has the runtime compile 1,400 methods, which takes longer than all else in looking into a model.</summary>
internal static class StoredJson
{
    public const int LargestSize = 64 << 20;
    private const int MaxDepth = 16;

    private static readonly ConcurrentDictionary<Type, Dictionary<string, Member>> _members = new();

    public static void Write(Stream stream, object record)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        Write(writer, record);
    }

    /// <exception cref="JsonException">It is no JSON, or of something else.</exception>
    public static T? Read<T>(byte[] json) where T : class
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        object? value = Value(ref reader, typeof(T), "$");
        // Throws where anything follows.
        reader.Read();
        return (T?)value;
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int or long:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case string or Enum or TimeSpan:
                writer.WriteStringValue(value.ToString());
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (object? item in list)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteStartObject();
                foreach (Member member in MembersOf(value.GetType()).Values)
                {
                    if (member.Get(value) is var held && (held != null || !member.IsOptional))
                    {
                        writer.WritePropertyName(member.Name);
                        Write(writer, held);
                    }
                }
                writer.WriteEndObject();
                break;
        }
    }

    private static object? Value(ref Utf8JsonReader reader, Type type, string path)
    {
        Type kind = Nullable.GetUnderlyingType(type) ?? type;
        if (reader.TokenType == JsonTokenType.Null && (kind != type || !type.IsValueType))
            return null;
        try
        {
            return reader.TokenType switch
            {
                JsonTokenType.StartArray when kind.IsGenericType => List(ref reader, kind.GenericTypeArguments[0], path),
                JsonTokenType.StartObject when kind.Assembly == typeof(StoredJson).Assembly => Record(ref reader, kind, path),
                JsonTokenType.Number when kind.IsEnum => Enum.ToObject(kind, reader.GetInt32()),
                _ when kind.IsEnum => Enum.Parse(kind, reader.GetString()!, ignoreCase: true),
                _ when kind == typeof(string) => reader.GetString(),
                _ when kind == typeof(bool) => reader.GetBoolean(),
                _ when kind == typeof(int) => reader.GetInt32(),
                _ when kind == typeof(long) => reader.GetInt64(),
                _ when kind == typeof(double) => reader.GetDouble(),
                _ when kind == typeof(TimeSpan) => TimeSpan.ParseExact(reader.GetString()!, "c", CultureInfo.InvariantCulture),
                _ => throw new FormatException(),
            };
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            throw new JsonException($"{kind.Name} is expected. Path: {path}.", wrong);
        }
    }

    private static IList List(ref Utf8JsonReader reader, Type type, string path)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type))!;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            list.Add(Value(ref reader, type, $"{path}[{list.Count}]"));
        return list;
    }

    private static object Record(ref Utf8JsonReader reader, Type type, string path)
    {
        ConstructorInfo constructor = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;
        // What its parameters give are properties, too. Of a value type null is the default.
        object record = constructor.Invoke(new object?[constructor.GetParameters().Length]);
        Dictionary<string, Member> members = MembersOf(type);
        var missing = members.Values.Where(member => member.IsRequired).ToHashSet();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (members.TryGetValue(name, out Member? member))
            {
                member.Set(record, Value(ref reader, member.Type, $"{path}.{name}"));
                missing.Remove(member);
            }
            else
                reader.Skip();
        }
        return missing.Count == 0 ? record : throw new JsonException($"'{missing.First().Name}' is missing. Path: {path}.");
    }

    private static Dictionary<string, Member> MembersOf(Type type) => _members.GetOrAdd(type, Member.AllOf);

    private sealed record Member(string Name, Type Type, bool IsRequired, bool IsOptional, Func<object, object?> Get,
        Action<object, object?> Set)
    {
        public static Dictionary<string, Member> AllOf(Type type) =>
            (from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance)
             let field = member as FieldInfo
             let property = member as PropertyInfo
             let ignored = member.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition
             where (field != null || property?.CanWrite == true) && ignored != JsonIgnoreCondition.Always
             select new Member(JsonNamingPolicy.CamelCase.ConvertName(member.Name), field?.FieldType ?? property!.PropertyType,
                 member.IsDefined(typeof(RequiredMemberAttribute)), ignored == JsonIgnoreCondition.WhenWritingNull,
                 field != null ? field.GetValue : property!.GetValue, field != null ? field.SetValue : property!.SetValue))
            .ToDictionary(member => member.Name);
    }
}
