using System.Reflection;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Dcgan;

/// <summary>A training that goes on from a checkpoint may have another value of this option than before.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class FreeOnResumeAttribute : Attribute;

/// <summary>The first member in which two records differ.</summary>
internal sealed record RecordDifference(string Property, object First, object Second)
{
    /// <param name="first">One record.</param>
    /// <param name="second">Another of the same type.</param>
    /// <returns>Null where there is none, in what the records are made of, is stored, and may not change.</returns>
    public static RecordDifference? Between<T>(T first, T second) where T : notnull =>
        typeof(T).GetMembers()
            .Where(member => !member.IsDefined(typeof(JsonIgnoreAttribute)) && !member.IsDefined(typeof(FreeOnResumeAttribute)))
            .Select(member => new RecordDifference(member.Name, Value(member, first), Value(member, second)))
            .FirstOrDefault(difference => !difference.First.Equals(difference.Second));

    private static object Value(MemberInfo member, object record) => (member switch
    {
        PropertyInfo { CanWrite: true } property => property.GetValue(record),
        FieldInfo field => field.GetValue(record),
        _ => null,
    }) ?? "null";
}
