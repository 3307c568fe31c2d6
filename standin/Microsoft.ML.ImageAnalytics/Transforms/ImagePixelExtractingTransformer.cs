using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(typeof(ImagePixelExtractingTransformer), null, typeof(SignatureLoadModel), "Image Pixel Extractor Transform", ImagePixelExtractingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Image;

public sealed class ImagePixelExtractingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImagePixelExtractor";

    private const string RegistrationName = "ImagePixelExtractor";

    private readonly ImagePixelExtractingEstimator.ColumnOptions[] _columns;

    internal ImagePixelExtractingTransformer(IHostEnvironment env, params ImagePixelExtractingEstimator.ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(RegistrationName), columns.Select(column => (column.Name, column.InputColumnName)).ToArray())
    {
        _columns = columns;
    }

    private ImagePixelExtractingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _columns = Array.ConvertAll(ColumnPairs,
            pair => new ImagePixelExtractingEstimator.ColumnOptions(pair.outputColumnName, pair.inputColumnName, ctx));
    }

    internal IReadOnlyCollection<ImagePixelExtractingEstimator.ColumnOptions> Columns => _columns;

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "IMGPXEXT",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010002,
        verWeCanReadBack: 0x00010003,
        loaderAssemblyName: typeof(ImagePixelExtractingTransformer).Assembly.FullName,
        loaderSignature: LoaderSignature);

    private static ImagePixelExtractingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new ImagePixelExtractingTransformer(env.Register(RegistrationName), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        foreach (ImagePixelExtractingEstimator.ColumnOptions column in _columns)
            column.Save(ctx);
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        ImageDataViewType type = Host.CheckImageColumn(inputSchema, inputSchema[srcCol]);
        if (type.Height <= 0 || type.Width <= 0)
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", _columns[col].InputColumnName, "known-size image", "unknown-size image");
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ImagePixelExtractingTransformer _parent;

        public Mapper(ImagePixelExtractingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
        {
            _parent = parent;
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() => _parent._columns
            .Select((column, i) =>
            {
                ImageDataViewType image = ImageType(i);
                var type = column.InterleavePixelColors
                    ? new VectorDataViewType(column.ItemType, image.Height, image.Width, column.Planes)
                    : new VectorDataViewType(column.ItemType, column.Planes, image.Height, image.Width);
                return new DataViewSchema.DetachedColumn(column.Name, type);
            })
            .ToArray();

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            ImagePixelExtractingEstimator.ColumnOptions column = _parent._columns[iinfo];
            return column.OutputAsFloatArray
                ? MakeGetter(input, iinfo, value => (value - column.OffsetImage) * column.ScaleImage, out disposer)
                : MakeGetter(input, iinfo, value => value, out disposer);
        }

        private ImageDataViewType ImageType(int iinfo) => (ImageDataViewType)InputSchema[ColMapNewToOld[iinfo]].Type;

        private ValueGetter<VBuffer<T>> MakeGetter<T>(DataViewRow input, int iinfo, Func<byte, T> convert, out Action disposer)
        {
            ImagePixelExtractingEstimator.ColumnOptions column = _parent._columns[iinfo];
            ImageDataViewType type = ImageType(iinfo);
            int count = type.Height * type.Width;
            var colors = ImagePixelExtractingEstimator.Planes(column.OrderOfExtraction, column.ColorsToExtract).ToArray();
            T[] converted = Enumerable.Range(byte.MinValue, byte.MaxValue + 1).Select(value => convert((byte)value)).ToArray();

            var getImage = input.GetGetter<MLImage>(input.Schema[ColMapNewToOld[iinfo]]);
            MLImage image = null;
            disposer = () => image?.Dispose();
            return (ref VBuffer<T> value) =>
            {
                getImage(ref image);
                if (image is null)
                {
                    value = VBufferEditor.Create(ref value, count * colors.Length, valuesCount: 0).Commit();
                    return;
                }
                if (image.Height != type.Height || image.Width != type.Width)
                    throw Host.Process(new InvalidOperationException());

                var editor = VBufferEditor.Create(ref value, count * colors.Length);
                for (int plane = 0; plane < colors.Length; plane++)
                {
                    int offset = image.PixelFormat.OffsetOf(colors[plane]);
                    if (column.InterleavePixelColors)
                        Copy(image.Pixels[offset..], converted, editor.Values[plane..], colors.Length);
                    else
                        Copy(image.Pixels[offset..], converted, editor.Values.Slice(plane * count, count), step: 1);
                }
                value = editor.Commit();
            };
        }

        /// <summary>Takes each pixel's first byte.</summary>
        private static void Copy<T>(ReadOnlySpan<byte> pixels, T[] converted, Span<T> values, int step)
        {
            for (int from = 0, to = 0; from < pixels.Length; from += PixelBytes.PerPixel, to += step)
                values[to] = converted[pixels[from]];
        }
    }
}
