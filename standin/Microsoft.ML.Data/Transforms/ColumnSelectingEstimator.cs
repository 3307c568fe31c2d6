using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(IHostEnvironment env, string[] keepColumns, string[] dropColumns, bool keepHidden)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnSelectingEstimator)),
            new ColumnSelectingTransformer(env, keepColumns, dropColumns, keepHidden))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var missing = Transformer.Missing(inputSchema.Select(column => column.Name)).ToArray();
        if (missing.Length > 0)
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", string.Join(",", missing));
        return new SchemaShape(inputSchema.Where(column => Transformer.SelectColumns.Contains(column.Name) == Transformer.KeepColumns));
    }
}
