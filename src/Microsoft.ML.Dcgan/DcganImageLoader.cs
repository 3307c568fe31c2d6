using System.Text.Json.Serialization;
using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using SkiaSharp;

[assembly: ModelLoader<Microsoft.ML.Dcgan.DcganImageLoader>]

namespace Microsoft.ML.Dcgan;

/// <summary>Made by <see cref="DcganCatalog.LoadDcganImages"/>.</summary>
internal sealed class DcganImageLoadingEstimator(DcganImageLoader transformer) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        transformer.Check(inputSchema);
        return inputSchema.With(transformer.Description.OutputColumnName, transformer.Description.Type);
    }
}

/// <summary>What a <see cref="DcganImageLoader"/> was asked for, as <see cref="DcganCatalog.LoadDcganImages"/> says.</summary>
internal sealed record ImageLoaderDescription(string OutputColumnName, string InputColumnName, string? ImageFolder, string Background,
    int? ImageWidth = null, int? ImageHeight = null)
{
    [JsonIgnore]
    public SKSizeI? Size => ImageWidth is int width && ImageHeight is int height ? new(width, height) : null;

    [JsonIgnore]
    public ImageDataViewType Type => Size is { } size ? new(size.Height, size.Width) : new();
}

/// <summary>Maps a column of paths, or of the files' bytes, to the pictures of these files.</summary>
internal sealed class DcganImageLoader : ITransformer, IModelLoader
{
    private const string Expected = "Text, a picture file's path, or a vector of Byte, all that is in one";
    private const string StreamName = "images.json";
    private readonly IHostEnvironment _environment;
    private readonly SKColor _background;
    private readonly RowMapping _mapping;
    private readonly object _gate = new();
    private long _read, _transparent, _said;
    private int _open;

    /// <exception cref="ArgumentOutOfRangeException">The background is no colour, or a column's name is empty.</exception>
    public DcganImageLoader(IHostEnvironment environment, ImageLoaderDescription description)
    {
        (_environment, Description) = (environment, description);
        DcganModel.RequireName(nameof(description.OutputColumnName), description.OutputColumnName, "Image");
        DcganModel.RequireName(nameof(description.InputColumnName), description.InputColumnName, "Path");
        if (!description.Background.StartsWith('#') || !SKColor.TryParse(description.Background, out _background)
            || _background.Alpha != byte.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(description.Background),
                $"Background is '{description.Background}', but a colour like #FFFFFF (white) is expected: two digits each, " +
                "from 00 to FF, of red, green and blue.");
        }
        if ((description.ImageWidth, description.ImageHeight) is not ((null, null) or ( >= 1, >= 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(description.ImageWidth), $"imageWidth is {Text(description.ImageWidth)} and " +
                $"imageHeight is {Text(description.ImageHeight)}, but both are expected, 1 or more, or neither, which leaves pictures as " +
                "large as they are.");
        }
        _mapping = new RowMapping(this, description.OutputColumnName, description.Type, Source, Getter);

        static string Text(int? side) => side?.ToString(CultureInfo.InvariantCulture) ?? "not given";
    }

    public static string LoaderSignature => "DcganImageLoader";

    public static string ModelSignature => "DCGANIMG";

    public ImageLoaderDescription Description { get; }

    public bool IsRowToRowMapper => true;

    public static ITransformer Load(IHostEnvironment environment, Func<string, Action<Stream>, bool> read)
    {
        ImageLoaderDescription? description = ModelArchive.Part(ModelArchive.Checked(read), StreamName, stream =>
            StoredJson.Read<ImageLoaderDescription>(BoundedStream.ReadToEnd(stream, StoredJson.LargestSize, StreamName)));
        return new DcganImageLoader(environment, description ?? throw ModelArchive.Missing(StreamName));
    }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _mapping.OutputSchema(inputSchema);

    public IDataView Transform(IDataView input) => _mapping.AddTo(_environment, input);

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _mapping.Mapper(_environment, inputSchema);

    public void Check(SchemaShape schema)
    {
        string name = Description.InputColumnName;
        SchemaShape.Column column = schema.FirstOrDefault(candidate => candidate.Name == name);
        if (column.Name == null)
            throw ColumnErrors.Missing(name, ColumnErrors.Names(schema));
        if (column.Kind == SchemaShape.Column.VectorKind.Scalar ? column.ItemType is not TextDataViewType : !IsByte(column.ItemType))
            throw ColumnErrors.Mismatch(name, Expected, $"{column.Kind} of {column.ItemType}");
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => ModelArchive.Save<DcganImageLoader>(ctx,
        [(StreamName, stream => StoredJson.Write(stream, Description))]);

    private DataViewSchema.Column Source(DataViewSchema schema)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(Description.InputColumnName)
            ?? throw ColumnErrors.Missing(Description.InputColumnName, ColumnErrors.Names(schema));
        return column.Type is TextDataViewType || (column.Type is VectorDataViewType vector && IsByte(vector.ItemType)) ? column
            : throw ColumnErrors.Mismatch(column.Name, Expected, $"{column.Type}");
    }

    private static bool IsByte(DataViewType type) => type.Equals(NumberDataViewType.Byte);

    private (Delegate, Action) Getter(DataViewRow row, DataViewSchema.Column source)
    {
        Func<(string Name, byte[] Bytes)> read = source.Type is TextDataViewType
            ? Files(row.GetGetter<ReadOnlyMemory<char>>(source)) : Contents(row.GetGetter<VBuffer<byte>>(source));
        lock (_gate)
            _open++;
        // As LoadImages: what is handed in was handed out before, and is disposed.
        ValueGetter<MLImage> getter = (ref MLImage image) =>
        {
            image?.Dispose();
            image = null!;
            (string name, byte[] bytes) = read();
            image = ImageFile.Read(name, bytes, _background, Description.Size, out bool isTransparent);
            Interlocked.Increment(ref _read);
            if (isTransparent)
                Interlocked.Increment(ref _transparent);
        };
        return (getter, Ended);
    }

    private Func<(string, byte[])> Files(ValueGetter<ReadOnlyMemory<char>> getPath)
    {
        ReadOnlyMemory<char> path = default;
        return () =>
        {
            getPath(ref path);
            string file = !path.IsEmpty ? Path.Combine(Description.ImageFolder ?? "", path.ToString()) : throw PixelReader.NoImage();
            return ($"'{file}'", File.ReadAllBytes(file));
        };
    }

    private static Func<(string, byte[])> Contents(ValueGetter<VBuffer<byte>> getBytes)
    {
        VBuffer<byte> buffer = default;
        return () =>
        {
            getBytes(ref buffer);
            var bytes = new byte[buffer.Length];
            buffer.CopyTo(bytes);
            return ("the picture", bytes);
        };
    }

    // When the last of a view's cursors ends. The view may be read again: what was said is not repeated.
    private void Ended()
    {
        lock (_gate)
        {
            if (--_open > 0)
                return;
            (long read, long transparent) = (_read, _transparent);
            (_read, _transparent) = (0, 0);
            if (transparent <= _said)
                return;
            _said = transparent;
            using IChannel log = _environment.Start("Loading images");
            log.Warning(MessageSensitivity.None, "{0} of {1} pictures read for column '{2}' are transparent, at least in part: " +
                "{3} is behind them (background).", transparent, read, Description.OutputColumnName, Description.Background);
        }
    }
}
