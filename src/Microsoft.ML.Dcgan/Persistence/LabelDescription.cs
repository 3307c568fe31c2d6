using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;

namespace Microsoft.ML.Dcgan.Persistence;

/// <summary>The classes of a model.</summary>
/// <param name="ColumnName">The column of labels.</param>
/// <param name="ValueType">The type of what its keys stand for; null where they stand for nothing.</param>
/// <param name="Values">What they stand for, as culture-invariant texts, that of key 1 first.</param>
internal sealed record LabelDescription(
    string ColumnName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DataKind? ValueType,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Values)
{
    [return: NotNullIfNotNull(nameof(labels))]
    public static LabelDescription? Of(LabelColumn? labels) => labels == null ? null
        : labels.ValueType is { } type ? new(labels.Name, type.Kind, labels.Classes)
        : new(labels.Name, null, null);

    /// <param name="classes">How many classes the networks know.</param>
    /// <exception cref="FormatException">There are more values, or fewer, or of no type.</exception>
    /// <exception cref="ArgumentException">A value occurs twice, or is not of its type.</exception>
    public LabelColumn Column(int classes)
    {
        if (ValueType == null && Values == null)
            return new LabelColumn(ColumnName, null, LabelColumn.Numbers(classes));
        if (ValueType is not { } kind || !KeyValueType.All.TryGetValue(kind, out KeyValueType? type))
            throw new FormatException($"{ModelArchive.DescriptionName} in the model file has classes of type {ValueType?.ToString() ?? "null"}, but text, numbers or booleans are expected: it is damaged.");
        if (Values == null || Values.Count != classes)
            throw new FormatException($"{ModelArchive.DescriptionName} in the model file names {Values?.Count ?? 0} classes, but its networks have {classes}: it is damaged.");
        return new LabelColumn(ColumnName, type, Values);
    }
}
