using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(IHostEnvironment env, Action<TSrc, TDst> mapAction, string contractName,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(CustomMappingEstimator<TSrc, TDst>)),
            new CustomMappingTransformer<TSrc, TDst>(env, mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var columns = inputSchema.ToDictionary(column => column.Name);
        foreach (var needed in InternalSchemaDefinition.Create(typeof(TSrc), Transformer.InputSchemaDefinition).Columns)
        {
            if (!columns.TryGetValue(needed.ColumnName, out SchemaShape.Column found))
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", needed.ColumnName);
            if (!Fits(needed.ColumnType, found))
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", needed.ColumnName, needed.ColumnType.ToString(), found.GetTypeString());
        }
        foreach (SchemaShape.Column added in SchemaShape.Create(DataViewConstructionUtils.MakeSchema(Transformer.AddedSchema)))
            columns[added.Name] = added;
        return new SchemaShape(columns.Values);
    }

    // A member of unknown size takes vectors of any.
    private static bool Fits(DataViewType needed, SchemaShape.Column found)
    {
        SchemaShape.GetColumnTypeShape(needed, out var kind, out DataViewType itemType, out bool isKey);
        return itemType.Equals(found.ItemType) && isKey == found.IsKey
            && (kind == SchemaShape.Column.VectorKind.VariableVector ? found.Kind != SchemaShape.Column.VectorKind.Scalar : kind == found.Kind);
    }
}
