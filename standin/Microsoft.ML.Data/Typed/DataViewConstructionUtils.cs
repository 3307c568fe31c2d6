using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Views and rows made of a user's objects.</summary>
internal static class DataViewConstructionUtils
{
    public static IDataView CreateFromEnumerable<TRow>(IHostEnvironment env, IEnumerable<TRow> data, SchemaDefinition definition)
        where TRow : class
        => new StreamingDataView<TRow>(env, data, Read<TRow>(definition));

    public static InputRow<TRow> CreateInputRow<TRow>(IHostEnvironment env, SchemaDefinition definition = null)
        where TRow : class
        => new InputRow<TRow>(env, Read<TRow>(definition));

    /// <summary>The class's own definition, with the types and annotations of the schema's columns.</summary>
    public static SchemaDefinition GetSchemaDefinition<TRow>(IHostEnvironment env, DataViewSchema schema)
    {
        var definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (DataViewSchema.Column column in schema)
        {
            SchemaDefinition.Column defined = definition[column.Name] ?? throw env.Except($"Type should contain a member named {column.Name}");
            defined.ColumnType = column.Type;
            foreach (DataViewSchema.Column annotation in column.Annotations.Schema)
                defined.AnnotationInfos[annotation.Name] = AnnotationInfo.Of(column.Annotations, annotation);
        }
        return definition;
    }

    public static DataViewSchema MakeSchema(InternalSchemaDefinition definition) => SchemaExtensions.MakeSchema(GetSchemaColumns(definition));

    public static IEnumerable<DataViewSchema.DetachedColumn> GetSchemaColumns(InternalSchemaDefinition definition)
        => definition.Columns.Select(column => new DataViewSchema.DetachedColumn(column.ColumnName, column.ColumnType, column.Annotations));

    private static InternalSchemaDefinition Read<TRow>(SchemaDefinition definition)
        => definition == null
            ? InternalSchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read)
            : InternalSchemaDefinition.Create(typeof(TRow), definition);
}
