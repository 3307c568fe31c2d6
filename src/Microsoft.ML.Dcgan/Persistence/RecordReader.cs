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

    /// <param name="reader">At the first token of the value; left at its last.</param>
    /// <param name="type">What it is to be.</param>
    /// <exception cref="JsonException">The JSON is of something else.</exception>
    public static object? Read(ref Utf8JsonReader reader, Type type) => Read(ref reader, type, "$");

    private static object? Read(ref Utf8JsonReader reader, Type type, string path)
    {
        Type? optional = Nullable.GetUnderlyingType(type);
        if (reader.TokenType == JsonTokenType.Null && (optional != null || !type.IsValueType))
            return null;
        type = optional ?? type;
        object? value = type.IsEnum ? Enumeration(ref reader, type) : Simple(ref reader, type);
        if (value != null)
            return value;
        if (reader.TokenType == JsonTokenType.StartArray && type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return List(ref reader, type.GenericTypeArguments[0], path);
        if (reader.TokenType == JsonTokenType.StartObject && type.IsClass && type.Assembly == typeof(RecordReader).Assembly)
            return Record(ref reader, _plans.GetOrAdd(type, found => new Plan(found)), path);
        throw new JsonException($"{path} is {reader.TokenType}, but {type.Name} is expected.");
    }

    private static object? Simple(ref Utf8JsonReader reader, Type type)
    {
        switch (reader.TokenType, Type.GetTypeCode(type))
        {
            case (JsonTokenType.String, TypeCode.String):
                return reader.GetString();
            case (JsonTokenType.String, TypeCode.Object) when type == typeof(TimeSpan) && TimeSpan.TryParseExact(reader.GetString(), "c", CultureInfo.InvariantCulture, out TimeSpan span):
                return span;
            case (JsonTokenType.True or JsonTokenType.False, TypeCode.Boolean):
                return reader.GetBoolean();
            case (JsonTokenType.Number, TypeCode.Int32) when reader.TryGetInt32(out int number):
                return number;
            case (JsonTokenType.Number, TypeCode.Int64) when reader.TryGetInt64(out long number):
                return number;
            case (JsonTokenType.Number, TypeCode.Double) when reader.TryGetDouble(out double number):
                return number;
            default:
                return null;
        }
    }

    private static object? Enumeration(ref Utf8JsonReader reader, Type type) => reader.TokenType switch
    {
        JsonTokenType.String when Enum.TryParse(type, reader.GetString(), ignoreCase: true, out object? value) => value,
        // Whether there is such a one is for whoever asks to say.
        JsonTokenType.Number when reader.TryGetInt32(out int number) => Enum.ToObject(type, number),
        _ => null,
    };

    private static Array List(ref Utf8JsonReader reader, Type type, string path)
    {
        var items = new List<object?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Read(ref reader, type, $"{path}[{items.Count}]"));

        var list = Array.CreateInstance(type, items.Count);
        for (int i = 0; i < items.Count; i++)
            list.SetValue(items[i], i);
        return list;
    }

    private static object Record(ref Utf8JsonReader reader, Plan plan, string path)
    {
        // Where something is there twice, the last one counts.
        var found = new Dictionary<string, object?>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (plan.Types.TryGetValue(name, out Type? type))
                found[name] = Read(ref reader, type, $"{path}.{name}");
            else
                reader.Skip();
        }
        if (plan.Required.FirstOrDefault(name => !found.ContainsKey(name)) is { } missing)
            throw new JsonException($"{path} has no '{missing}'.");

        object?[] arguments = Array.ConvertAll(plan.Parameters, parameter => found.GetValueOrDefault(parameter.Name, parameter.Default));
        object record = plan.Constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);
        foreach ((string name, PropertyInfo property) in plan.Properties)
        {
            if (found.TryGetValue(name, out object? value))
                property.SetValue(record, value, BindingFlags.DoNotWrapExceptions, null, null, null);
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
            Types = Parameters.Select(parameter => (parameter.Name, parameter.Type)).Concat(Properties.Select(property => (property.Name, property.Property.PropertyType)))
                .ToDictionary(entry => entry.Item1, entry => entry.Item2);
            Required = Properties.Where(property => property.Property.IsDefined(typeof(RequiredMemberAttribute))).Select(property => property.Name).ToArray();
        }

        public ConstructorInfo Constructor { get; }

        public (string Name, Type Type, object? Default)[] Parameters { get; }

        public (string Name, PropertyInfo Property)[] Properties { get; }

        /// <summary>Of all of them, by name.</summary>
        public Dictionary<string, Type> Types { get; }

        public string[] Required { get; }

        private static string Name(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
    }
}
