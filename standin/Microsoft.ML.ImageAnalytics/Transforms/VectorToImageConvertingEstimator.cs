using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

public sealed partial class VectorToImageConvertingEstimator : TrivialEstimator<VectorToImageConvertingTransformer>
{
    internal VectorToImageConvertingEstimator(IHostEnvironment env, params ColumnOptions[] columnOptions)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(VectorToImageConvertingEstimator)), new VectorToImageConvertingTransformer(env, columnOptions))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(Transformer.Columns.Select(column =>
        {
            SchemaShape.Column pixels = Host.FindColumn(inputSchema, column.InputColumnName);
            bool isNumber = pixels.ItemType == NumberDataViewType.Single || pixels.ItemType == NumberDataViewType.Double || pixels.ItemType == NumberDataViewType.Byte;
            if (pixels.Kind != SchemaShape.Column.VectorKind.Vector || !isNumber)
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", pixels.Name, "known-size vector of type Single, Double or Byte", pixels.GetTypeString());
            return new SchemaShape.Column(column.Name, SchemaShape.Column.VectorKind.Scalar, column.Type, isKey: false);
        }));
    }

    internal static class Defaults
    {
        public const float Scale = 1;
        public const float Offset = 0;
        public const int DefaultAlpha = 255;
        public const int DefaultRed = 0;
        public const int DefaultGreen = 0;
        public const int DefaultBlue = 0;
    }
}
