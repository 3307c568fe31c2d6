using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>What the image transforms ask of their input's schema, and say if they don't get it.</summary>
internal static class ImageSchema
{
    public static SchemaShape.Column FindColumn(this IHost host, SchemaShape inputSchema, string name)
    {
        host.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.TryFindColumn(name, out SchemaShape.Column column)
            ? column
            : throw host.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
    }

    public static SchemaShape.Column FindImageColumn(this IHost host, SchemaShape inputSchema, string name)
    {
        SchemaShape.Column column = host.FindColumn(inputSchema, name);
        if (column.ItemType is not ImageDataViewType || column.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw host.ExceptSchemaMismatch(nameof(inputSchema), "input", name, new ImageDataViewType().ToString(), column.GetTypeString());
        return column;
    }

    public static ImageDataViewType CheckImageColumn(this IHost host, DataViewSchema inputSchema, DataViewSchema.Column column)
        => column.Type as ImageDataViewType
            ?? throw host.ExceptSchemaMismatch(nameof(inputSchema), "input", column.Name, "image", column.Type.ToString());

    /// <summary>The input's columns, where one of an added name gives way to the added one.</summary>
    public static SchemaShape With(this SchemaShape inputSchema, IEnumerable<SchemaShape.Column> added)
    {
        var columns = inputSchema.ToDictionary(column => column.Name);
        foreach (SchemaShape.Column column in added)
            columns[column.Name] = column;
        return new SchemaShape(columns.Values);
    }
}
