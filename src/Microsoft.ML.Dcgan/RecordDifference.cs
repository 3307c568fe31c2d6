using System.Reflection;

namespace Microsoft.ML.Dcgan;

/// <summary>The first property in which two records differ.</summary>
internal sealed record RecordDifference(string Property, object? First, object? Second)
{
    /// <param name="first">One record.</param>
    /// <param name="second">Another of the same type.</param>
    /// <param name="ignored">Properties that may differ.</param>
    /// <returns>Null where there is none, in what the records are made of.</returns>
    public static RecordDifference? Between<T>(T first, T second, params IReadOnlyCollection<string> ignored) where T : notnull =>
        typeof(T).GetProperties().Where(property => property.CanWrite && !ignored.Contains(property.Name))
            .Select(property => new RecordDifference(property.Name, property.GetValue(first) ?? "null", property.GetValue(second) ?? "null"))
            .FirstOrDefault(difference => !Equals(difference.First, difference.Second));
}
