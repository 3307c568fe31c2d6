using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnCopyingEstimator)), new ColumnCopyingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var columns = inputSchema.ToDictionary(column => column.Name);
        foreach (var (outputColumnName, inputColumnName) in Transformer.ColumnPairs)
        {
            if (!inputSchema.TryFindColumn(inputColumnName, out SchemaShape.Column source))
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", inputColumnName);
            columns[outputColumnName] = new SchemaShape.Column(outputColumnName, source.Kind, source.ItemType, source.IsKey, source.Annotations);
        }
        return new SchemaShape(columns.Values);
    }
}
