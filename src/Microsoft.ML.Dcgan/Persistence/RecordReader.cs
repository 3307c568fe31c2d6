using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Microsoft.ML.Dcgan.Persistence;

/// <summary>
/// Makes records of JSON as <see cref="JsonSerializer"/> does with <see cref="StoredJson.Options"/>, by reflection alone.
/// The serializer compiles some thousand methods for the records of a model file, each for a type of its own: longer than
/// all else takes that is done to look into one.
/// </summary>
internal static class RecordReader
{
    private static readonly ConcurrentDictionary<Type, Plan> _plans = new();

    /// <exception cref="JsonException">The JSON is of something else.</exception>
    public static object? Read(JsonElement json, Type type) => Read(json, type, "$");

    private static object? Read(JsonElement json, Type type, string path)
    {
        Type? optional = Nullable.GetUnderlyingType(type);
        if (json.ValueKind == JsonValueKind.Null && (optional != null || !type.IsValueType))
            return null;
        type = optional ?? type;
        object? value = type.IsEnum ? Enumeration(json, type) : Simple(json, type);
        if (value != null)
            return value;
        if (json.ValueKind == JsonValueKind.Array && type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return List(json, type.GenericTypeArguments[0], path);
        if (json.ValueKind == JsonValueKind.Object && type.IsClass && type.Assembly == typeof(RecordReader).Assembly)
            return Record(json, _plans.GetOrAdd(type, found => new Plan(found)), path);
        throw new JsonException($"{path} is {json.ValueKind}, but {type.Name} is expected.");
    }

    private static object? Simple(JsonElement json, Type type) => (json.ValueKind, Type.GetTypeCode(type)) switch
    {
        (JsonValueKind.String, TypeCode.String) => json.GetString(),
        (JsonValueKind.String, TypeCode.Object) when type == typeof(TimeSpan) && TimeSpan.TryParseExact(json.GetString(), "c", CultureInfo.InvariantCulture, out TimeSpan span) => span,
        (JsonValueKind.True, TypeCode.Boolean) => true,
        (JsonValueKind.False, TypeCode.Boolean) => false,
        (JsonValueKind.Number, TypeCode.Int32) when json.TryGetInt32(out int number) => number,
        (JsonValueKind.Number, TypeCode.Int64) when json.TryGetInt64(out long number) => number,
        (JsonValueKind.Number, TypeCode.Double) when json.TryGetDouble(out double number) => number,
        _ => null,
    };

    private static object? Enumeration(JsonElement json, Type type) => json.ValueKind switch
    {
        JsonValueKind.String when Enum.TryParse(type, json.GetString(), ignoreCase: true, out object? value) => value,
        // Whether there is such a one is for whoever asks to say.
        JsonValueKind.Number when json.TryGetInt32(out int number) => Enum.ToObject(type, number),
        _ => null,
    };

    private static Array List(JsonElement json, Type type, string path)
    {
        var list = Array.CreateInstance(type, json.GetArrayLength());
        int i = 0;
        foreach (JsonElement item in json.EnumerateArray())
        {
            list.SetValue(Read(item, type, $"{path}[{i}]"), i);
            i++;
        }
        return list;
    }

    private static object Record(JsonElement json, Plan plan, string path)
    {
        // Where something is there twice, the last one counts.
        var found = new Dictionary<string, JsonElement>();
        foreach (JsonProperty property in json.EnumerateObject())
            found[property.Name] = property.Value;
        if (plan.Required.FirstOrDefault(name => !found.ContainsKey(name)) is { } missing)
            throw new JsonException($"{path} has no '{missing}'.");

        object?[] arguments = Array.ConvertAll(plan.Parameters, parameter => found.TryGetValue(parameter.Name, out JsonElement value)
            ? Read(value, parameter.Type, $"{path}.{parameter.Name}")
            : parameter.Default);
        object record = plan.Constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);
        foreach ((string name, PropertyInfo property) in plan.Properties)
        {
            if (found.TryGetValue(name, out JsonElement value))
                property.SetValue(record, Read(value, property.PropertyType, $"{path}.{name}"), BindingFlags.DoNotWrapExceptions, null, null, null);
        }
        return record;
    }

    /// <summary>How a record is made: by its constructor of most parameters, and by its other properties that can be set.</summary>
    private sealed class Plan
    {
        public Plan(Type type)
        {
            Constructor = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;
            // Of a value type, null is its default.
            Parameters = Array.ConvertAll(Constructor.GetParameters(), parameter => (Name(parameter.Name!), parameter.ParameterType, parameter.HasDefaultValue ? parameter.DefaultValue : null));
            Properties = type.GetProperties().Where(property => property.CanWrite).Select(property => (Name(property.Name), property))
                .ExceptBy(Parameters.Select(parameter => parameter.Name), property => property.Item1).ToArray();
            Required = Properties.Where(property => property.Property.IsDefined(typeof(RequiredMemberAttribute))).Select(property => property.Name).ToArray();
        }

        public ConstructorInfo Constructor { get; }

        public (string Name, Type Type, object? Default)[] Parameters { get; }

        public (string Name, PropertyInfo Property)[] Properties { get; }

        public string[] Required { get; }

        private static string Name(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
    }
}
