using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column that holds images, and what its type, and the options or a model, say of their size.</summary>
internal sealed class ImageColumn
{
    private const string Expected = "an image, or a known-size vector of Single with pixels in [-1, 1], planes first";
    private readonly string _name;
    private readonly int? _height;
    private readonly int? _width;
    private readonly int? _channels;
    private readonly string _asker;
    private readonly DcganBadImages? _badImages;

    /// <summary>Images of any size, such as those to train on, for which there is a choice of what to do with bad ones.</summary>
    public ImageColumn(string name, int? height, int? width, int? channels, DcganBadImages? badImages = null)
        : this(name, height, width, channels, "the option {0} is {1}. Leave the option out, or resize or extract to match it.")
    {
        _badImages = badImages;
    }

    private ImageColumn(string name, int? height, int? width, int? channels, string asker)
    {
        _asker = asker;
        _name = name;
        _height = height;
        _width = width;
        _channels = channels;
    }

    /// <summary>Images for a trained model, which takes no other size.</summary>
    public static ImageColumn OfModel(string name, NetworkShape shape) => new(name, shape.Height, shape.Width, shape.Channels,
        $"the model was trained on images of {new ImageFormat(shape.Height, shape.Width, shape.Channels)}. Resize or extract to match it.");

    /// <summary>Checks as much as a <see cref="SchemaShape"/> tells.</summary>
    public void Check(SchemaShape inputSchema)
    {
        SchemaShape.Column column = inputSchema.FirstOrDefault(candidate => candidate.Name == _name);
        if (column.Name == null)
            throw Missing(inputSchema.Select(candidate => (candidate.Name, candidate.ItemType)));

        bool isImage = column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is ImageDataViewType;
        bool isPixels = column.Kind == SchemaShape.Column.VectorKind.Vector && column.ItemType.Equals(NumberDataViewType.Single);
        if (!isImage && !isPixels)
            throw Mismatch($"{column.Kind} of {column.ItemType}");
    }

    /// <summary>
    /// The column and the format of its images, from the column's type, the options and, for images of no stated size, the first
    /// that can be read.
    /// </summary>
    public (DataViewSchema.Column Column, ImageFormat Format) Resolve(IDataView input) =>
        Resolve(input.Schema, column => OfFirstImage(input, column));

    /// <summary>The column and the format of its images, where the size is known beforehand.</summary>
    public (DataViewSchema.Column Column, ImageFormat Format) Find(DataViewSchema schema) =>
        Resolve(schema, column => throw new NotSupportedException($"The size of the images in '{column.Name}' is not known."));

    private (DataViewSchema.Column Column, ImageFormat Format) Resolve(DataViewSchema schema,
        Func<DataViewSchema.Column, ImageFormat> ofFirst)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(_name)
            ?? throw Missing(schema.Select(candidate => (candidate.Name, candidate.Type)));
        ImageFormat format = column.Type switch
        {
            ImageDataViewType image => OfImages(image) ?? ofFirst(column),
            VectorDataViewType { IsKnownSize: true } pixels when pixels.ItemType.Equals(NumberDataViewType.Single) => OfPixels(pixels),
            _ => throw Mismatch($"{column.Type}"),
        };

        Agree("ImageHeight", _height, format.Height);
        Agree("ImageWidth", _width, format.Width);
        Agree("Channels", _channels, format.Channels);
        if (format.Height < NetworkShape.SmallestSide || format.Width < NetworkShape.SmallestSide
            || format.Height > NetworkShape.LargestSide || format.Width > NetworkShape.LargestSide)
        {
            throw Wrong($"holds images of {format.Width}x{format.Height} pixels (width x height), but both sides must be from " +
                $"{NetworkShape.SmallestSide} to {NetworkShape.LargestSide}. Resize them first, with ResizeImages.");
        }
        return (column, format);
    }

    private ImageFormat? OfImages(ImageDataViewType type)
    {
        if (type.Height > 0 && type.Width > 0)
            return new(type.Height, type.Width, ChannelsOfImages);
        return _height is int height && _width is int width ? new(height, width, ChannelsOfImages) : null;
    }

    private int ChannelsOfImages => _channels ?? 3;

    private ImageFormat OfFirstImage(IDataView input, DataViewSchema.Column column)
    {
        using DataViewRowCursor cursor = input.GetRowCursor(new[] { column });
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(column);
        var bad = new SkippedRows(input, _name, _badImages);
        while (cursor.MoveNext())
        {
            try
            {
                MLImage image = null!;
                getter(ref image);
                using (image ?? throw PixelReader.NoImage())
                    return new(image.Height, image.Width, ChannelsOfImages);
            }
            catch (Exception failure) when (RowErrors.IsToBlame(failure))
            {
                bad.Add(cursor, failure);
            }
        }
        throw bad.NoImages();
    }

    private ImageFormat OfPixels(VectorDataViewType type)
    {
        switch (type.Dimensions.Length)
        {
            case 3 when type.Dimensions[0] is 1 or 3:
                return new(type.Dimensions[1], type.Dimensions[2], type.Dimensions[0]);
            case 3 when type.Dimensions[2] is 1 or 3:
                throw Wrong($"of type {type} looks interleaved, but its pixels must come planes first: " +
                    "call ExtractPixels with interleavePixelColors: false.");
            case 3:
                throw Wrong($"of type {type} has {type.Dimensions[0]} planes, but 1 (grey) or 3 (red, green, blue) are expected: " +
                    "call ExtractPixels with colorsToExtract: ColorBits.Rgb.");
            case 2:
                return new(type.Dimensions[0], type.Dimensions[1], 1);
            default:
                return OfFlatPixels(type.Size);
        }
    }

    // A flat vector says only how many numbers there are; the options, or the image being square, say the rest.
    private ImageFormat OfFlatPixels(int size)
    {
        if (_height is int height && _width is int width)
        {
            foreach (int channels in _channels is int one ? new[] { one } : new[] { 1, 3 })
            {
                if ((long)height * width * channels == size)
                    return new(height, width, channels);
            }
            throw Wrong($"is a vector of {size} numbers, which is not ImageHeight {height} times ImageWidth {width} times " +
                $"{(_channels is int asked ? $"Channels {asked}" : "1 or 3 channels")}.");
        }

        foreach (int channels in new[] { 1, 3 })
        {
            int side = (int)Math.Round(Math.Sqrt(size / channels));
            if (size == channels * side * side)
                return new(side, side, channels);
        }
        throw Wrong($"is a vector of {size} numbers, which is no square image of 1 or 3 channels. " +
            "Set the options ImageHeight and ImageWidth.");
    }

    private void Agree(string option, int? asked, int found)
    {
        if (asked is int value && value != found)
        {
            throw Wrong($"holds images whose {option} is {found}, " +
                $"but {string.Format(CultureInfo.InvariantCulture, _asker, option, value)}");
        }
    }

    private ArgumentOutOfRangeException Missing(IEnumerable<(string Name, DataViewType Type)> present)
    {
        string dropped = present.Any(column => column.Type is ImageDataViewType)
            ? ""
            : " If it held images: ML.NET's Cache, AppendCacheCheckpoint and ShuffleRows drop such columns, " +
                "so cache and shuffle before LoadImages.";
        string names = string.Join(", ", present.Select(column => column.Name));
        return new("inputSchema", $"Could not find input column '{_name}'. The columns are: {names}.{dropped}");
    }

    private ArgumentOutOfRangeException Mismatch(string found) =>
        new("inputSchema", $"Schema mismatch for input column '{_name}': expected {Expected}, got {found}.");

    private ArgumentOutOfRangeException Wrong(string what) => new("inputSchema", $"Input column '{_name}' {what}");
}

/// <summary>The size of every image of a training set; 1 channel is grey, 3 are red, green and blue.</summary>
internal readonly record struct ImageFormat(int Height, int Width, int Channels)
{
    public int PlaneSize => Height * Width;

    public int Size => PlaneSize * Channels;

    public override string ToString() => $"{Width}x{Height} pixels (width x height) with {Channels} channel{(Channels == 1 ? "" : "s")}";
}
