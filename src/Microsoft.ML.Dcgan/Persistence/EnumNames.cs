using System;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Dcgan.Persistence;

/// <summary>Enumerations by their names, flags separated by commas. The framework's own converter takes the better part of the time in which a model file is inspected.</summary>
internal sealed class EnumNames : JsonConverterFactory
{
    public override bool CanConvert(Type type) => type.IsEnum;

    public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(type))!;

    private sealed class Converter<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String when Enum.TryParse(type, reader.GetString(), ignoreCase: true, out object? value) => (T)value,
            // Whether there is such a one is for whoever asks to say.
            JsonTokenType.Number when reader.TryGetInt32(out int number) => (T)Enum.ToObject(type, number),
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value!.ToString());
    }
}
