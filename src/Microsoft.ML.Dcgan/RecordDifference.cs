using System.Reflection;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Dcgan;

/// <summary>A training that goes on from a checkpoint may have another value of this option than before.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class FreeOnResumeAttribute : Attribute;

/// <summary>The first member in which two records differ.</summary>
internal sealed record RecordDifference(string Property, object? First, object? Second)
{
    /// <param name="first">One record.</param>
    /// <param name="second">Another of the same type.</param>
    /// <returns>Null where there is none, in what the records are made of, is stored, and may not change.</returns>
    public static RecordDifference? Between<T>(T first, T second) where T : notnull =>
        typeof(T).GetProperties().Where(property => property.CanWrite).Select(property => Compare(property, property.GetValue))
            .Concat(typeof(T).GetFields().Select(field => Compare(field, field.GetValue)))
            .FirstOrDefault(compare => compare.Member is not null && !Equals(compare.Read(first), compare.Read(second))) is { Member: { } name, Read: var read }
            ? new RecordDifference(name, read(first) ?? "null", read(second) ?? "null") : null;

    private static (string? Member, Func<object, object?> Read) Compare(MemberInfo member, Func<object, object?> read) =>
        (member.IsDefined(typeof(JsonIgnoreAttribute)) || member.IsDefined(typeof(FreeOnResumeAttribute)) ? null : member.Name, read);
}
