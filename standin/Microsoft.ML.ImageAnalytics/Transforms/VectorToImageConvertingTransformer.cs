using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

[assembly: LoadableClass(typeof(VectorToImageConvertingTransformer), null, typeof(SignatureLoadModel), "Vector To Image Transform", VectorToImageConvertingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Image;

public sealed class VectorToImageConvertingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "VectorToImageConverter";

    private const string RegistrationName = "VectorToImageConverter";

    private readonly VectorToImageConvertingEstimator.ColumnOptions[] _columns;

    internal VectorToImageConvertingTransformer(IHostEnvironment env, params VectorToImageConvertingEstimator.ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(RegistrationName), columns.Select(column => (column.Name, column.InputColumnName)).ToArray())
    {
        _columns = columns;
    }

    private VectorToImageConvertingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _columns = Array.ConvertAll(ColumnPairs,
            pair => new VectorToImageConvertingEstimator.ColumnOptions(pair.outputColumnName, pair.inputColumnName, ctx));
    }

    internal IReadOnlyCollection<VectorToImageConvertingEstimator.ColumnOptions> Columns => _columns;

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "VECTOIMG",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010002,
        verWeCanReadBack: 0x00010003,
        loaderAssemblyName: typeof(VectorToImageConvertingTransformer).Assembly.FullName,
        loaderSignature: LoaderSignature);

    private static VectorToImageConvertingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new VectorToImageConvertingTransformer(env.Register(RegistrationName), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        foreach (VectorToImageConvertingEstimator.ColumnOptions column in _columns)
            column.Save(ctx);
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        VectorToImageConvertingEstimator.ColumnOptions column = _columns[col];
        DataViewType type = inputSchema[srcCol].Type;
        if (type is not VectorDataViewType vector)
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", column.InputColumnName, "image", type.ToString());
        if (vector.Size != column.ImageHeight * column.ImageWidth * column.Planes)
        {
            var expected = new VectorDataViewType(vector.ItemType, column.ImageHeight, column.ImageWidth, column.Planes);
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", column.InputColumnName, expected.ToString(), vector.ToString());
        }
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private const MLPixelFormat Format = MLPixelFormat.Bgra32;

        private readonly VectorToImageConvertingTransformer _parent;

        public Mapper(VectorToImageConvertingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
        {
            _parent = parent;
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => Array.ConvertAll(_parent._columns, column => new DataViewSchema.DetachedColumn(column.Name, column.Type));

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            VectorToImageConvertingEstimator.ColumnOptions column = _parent._columns[iinfo];
            DataViewSchema.Column source = input.Schema[ColMapNewToOld[iinfo]];
            DataViewType itemType = source.Type.GetItemType();
            if (itemType == NumberDataViewType.Single)
                return MakeGetter<float>(input, source, column, column.NeedsScale);
            if (itemType == NumberDataViewType.Double)
                return MakeGetter<double>(input, source, column, column.NeedsScale);
            if (itemType == NumberDataViewType.Byte)
                return MakeGetter<byte>(input, source, column, scaled: false);  // as in the real library
            throw Contracts.Except("We only support float, double or byte arrays");
        }

        private static ValueGetter<MLImage> MakeGetter<T>(DataViewRow input, DataViewSchema.Column source,
            VectorToImageConvertingEstimator.ColumnOptions column, bool scaled)
            where T : struct, INumber<T>
        {
            var planes = Planes(column.Order, column.Colors).ToArray();
            int count = column.ImageHeight * column.ImageWidth;
            byte[] background = Background(column, scaled);

            var getPixels = input.GetGetter<VBuffer<T>>(source);
            VBuffer<T> sourceValues = default, denseValues = default;
            return (ref MLImage value) =>
            {
                getPixels(ref sourceValues);
                if (sourceValues.GetValues().IsEmpty)
                {
                    value = null;
                    return;
                }

                sourceValues.CopyToDense(ref denseValues);
                ReadOnlySpan<T> values = denseValues.GetValues();
                var pixels = new byte[count * PixelBytes.PerPixel];
                for (int to = 0; to < pixels.Length; to += PixelBytes.PerPixel)
                    background.CopyTo(pixels, to);
                for (int plane = 0; plane < planes.Length; plane++)
                {
                    int from = column.InterleavedColors ? plane : plane * count;
                    int step = column.InterleavedColors ? planes.Length : 1;
                    for (int to = Format.OffsetOf(planes[plane]); to < pixels.Length; to += PixelBytes.PerPixel, from += step)
                        pixels[to] = ToByte(float.CreateTruncating(values[from]), column, scaled);
                }

                value = MLImage.CreateFromPixels(column.ImageWidth, column.ImageHeight, Format, pixels);
                value.Tag = nameof(VectorToImageConvertingTransformer);
            };
        }

        /// <summary>The pixel where the vector has no colour. When values are scaled its alpha is 0, as in the real library.</summary>
        private static byte[] Background(VectorToImageConvertingEstimator.ColumnOptions column, bool scaled)
        {
            var pixel = new byte[PixelBytes.PerPixel];
            foreach (ColorBits color in new[] { ColorBits.Blue, ColorBits.Green, ColorBits.Red, ColorBits.Alpha })
                pixel[Format.OffsetOf(color)] = scaled && color == ColorBits.Alpha ? (byte)0 : ToByte(column.DefaultOf(color), column, scaled);
            return pixel;
        }

        private static byte ToByte(float value, VectorToImageConvertingEstimator.ColumnOptions column, bool scaled)
            => scaled ? (byte)Math.Round(value * column.ScaleImage - column.OffsetImage) : (byte)value;
    }
}
