using System;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Dcgan.Persistence;

/// <summary>Writes enumerations by their names, flags separated by commas.</summary>
internal sealed class EnumNames : JsonConverterFactory
{
    public override bool CanConvert(Type type) => type.IsEnum;

    public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(type))!;

    private sealed class Converter<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException($"{nameof(RecordReader)} reads what this writes.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value!.ToString());
    }
}
