using System;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>All that generating needs: the networks, where the noise comes from, and where the images go.</summary>
internal sealed record ImageGeneration(GanNetworks Networks, NoiseColumn Noise, string OutputColumnName, int BatchSize)
{
    public DataViewSchema OutputSchema(DataViewSchema inputSchema)
    {
        Noise.Find(inputSchema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumn(OutputColumnName, new ImageDataViewType(Networks.Shape.Height, Networks.Shape.Width));
        return builder.ToSchema();
    }

    /// <summary>A getter, as <see cref="DataViewRow.GetGetter{TValue}"/> must return it, or its error for a wrong type.</summary>
    public static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column) =>
        getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}'; the column's type is {column.Type} and its values are of '{column.Type.RawType}'.");

    public static ArgumentOutOfRangeException Inactive(DataViewSchema.Column column) =>
        new(nameof(column), $"Column '{column.Name}' is not active in this cursor: name it when asking for the cursor.");
}
