using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Bridge;

internal static class SchemaShapeBridge
{
    /// <summary>The columns of <paramref name="input"/> and one more, which takes the place of one of its name.</summary>
    public static SchemaShape With(this SchemaShape input, string columnName, DataViewType type)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(columnName, type);
        return new SchemaShape(input.Where(column => column.Name != columnName).Concat(SchemaShape.Create(builder.ToSchema())));
    }
}
