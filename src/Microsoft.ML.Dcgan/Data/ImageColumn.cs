using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column that holds images, and what its type, and the options or a model, say of their size.</summary>
/// <param name="name">The column.</param>
/// <param name="height">The images' height, where it is known.</param>
/// <param name="width">Their width.</param>
/// <param name="channels">Their channels.</param>
/// <param name="badImages">What to do with bad ones; null where there is no choice.</param>
/// <param name="source">What errors say of who knows these, of option {0} and its value {1}.</param>
internal sealed class ImageColumn(string name, int? height, int? width, int? channels, DcganBadImages? badImages = null,
    string source = "the option {0} is {1}. Leave the option out, or resize or extract to match it.")
{
    /// <summary>Images for a trained model, which takes no other size.</summary>
    public static ImageColumn OfModel(string name, NetworkShape shape) => new(name, shape.Height, shape.Width, shape.Channels,
        source: $"the model was trained on images of {new ImageFormat(shape.Height, shape.Width, shape.Channels)}. " +
            "Resize or extract to match it.");

    /// <summary>Checks as much as a <see cref="SchemaShape"/> tells.</summary>
    public void Check(SchemaShape inputSchema)
    {
        SchemaShape.Column column = inputSchema.FirstOrDefault(candidate => candidate.Name == name);
        if (column.Name == null)
            throw Missing(ColumnErrors.Names(inputSchema), inputSchema.Any(candidate => candidate.ItemType is ImageDataViewType));

        bool isImage = column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is ImageDataViewType;
        bool isPixels = column.Kind == SchemaShape.Column.VectorKind.Vector && column.ItemType.Equals(NumberDataViewType.Single);
        if (!isImage && !isPixels)
            throw Mismatch($"{column.Kind} of {column.ItemType}");
    }

    /// <summary>The column and its images' format: by its type, the options and, without a size, the first that can be read.</summary>
    public (DataViewSchema.Column Column, ImageFormat Format) Resolve(IDataView input) =>
        Resolve(input.Schema, column => OfFirstImage(input, column));

    /// <summary>The column and the format of its images, where the size is known beforehand.</summary>
    public (DataViewSchema.Column Column, ImageFormat Format) Find(DataViewSchema schema) =>
        Resolve(schema, column => throw new NotSupportedException($"The size of the images in '{column.Name}' is not known."));

    private (DataViewSchema.Column Column, ImageFormat Format) Resolve(DataViewSchema schema,
        Func<DataViewSchema.Column, ImageFormat> ofFirst)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw Missing(ColumnErrors.Names(schema), schema.Any(candidate => candidate.Type is ImageDataViewType));
        ImageFormat format = column.Type switch
        {
            ImageDataViewType { Height: > 0, Width: > 0 } image => new(image.Height, image.Width, ChannelsOfImages),
            ImageDataViewType when height is int rows && width is int columns => new(rows, columns, ChannelsOfImages),
            ImageDataViewType => ofFirst(column),
            VectorDataViewType pixels when pixels.IsVectorOfSingle() => OfPixels(pixels),
            _ => throw Mismatch($"{column.Type}"),
        };

        Agree("ImageHeight", height, format.Height);
        Agree("ImageWidth", width, format.Width);
        Agree("Channels", channels, format.Channels);
        if (format.Height < DcganEstimator.Limits.SmallestSide || format.Width < DcganEstimator.Limits.SmallestSide
            || format.Height > DcganEstimator.Limits.LargestSide || format.Width > DcganEstimator.Limits.LargestSide)
        {
            throw Wrong($"holds images of {format.Width}x{format.Height} pixels (width x height), but both sides must be from " +
                $"{DcganEstimator.Limits.SmallestSide} to {DcganEstimator.Limits.LargestSide}. Resize them first, with ResizeImages.");
        }
        return (column, format);
    }

    private int ChannelsOfImages => channels ?? 3;

    private ImageFormat OfFirstImage(IDataView input, DataViewSchema.Column column)
    {
        using DataViewRowCursor cursor = input.GetRowCursor(new[] { column });
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(column);
        var bad = new SkippedRows(input, name, badImages);
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

    private ImageFormat OfPixels(VectorDataViewType type) => type.Dimensions switch
    {
        [1 or 3, var rows, var columns] => new(rows, columns, type.Dimensions[0]),
        [_, _, 1 or 3] => throw Wrong($"of type {type} looks interleaved, but its pixels must come planes first: " +
            "call ExtractPixels with interleavePixelColors: false."),
        [var planes, _, _] => throw Wrong($"of type {type} has {planes} planes, but 1 (grey) or 3 (red, green, blue) are expected: " +
            "call ExtractPixels with colorsToExtract: ColorBits.Rgb."),
        [var rows, var columns] => new(rows, columns, 1),
        _ => OfFlatPixels(type.Size),
    };

    // A flat vector says only how many numbers there are; the options, or the image being square, say the rest.
    private ImageFormat OfFlatPixels(int size)
    {
        if (height is int knownHeight && width is int knownWidth)
        {
            int[] possible = channels is int known ? [known] : [1, 3];
            int planes = possible.FirstOrDefault(count => (long)knownHeight * knownWidth * count == size);
            return planes > 0 ? new(knownHeight, knownWidth, planes)
                : throw Wrong($"is a vector of {size} numbers, which is not ImageHeight {height} times ImageWidth {width} times " +
                    $"{(channels is int asked ? $"Channels {asked}" : "1 or 3 channels")}.");
        }

        foreach (int planes in new[] { 1, 3 })
        {
            int side = (int)Math.Round(Math.Sqrt(size / planes));
            if (size == planes * side * side)
                return new(side, side, planes);
        }
        throw Wrong($"is a vector of {size} numbers, which is no square image of 1 or 3 channels. " +
            "Set the options ImageHeight and ImageWidth.");
    }

    private void Agree(string option, int? asked, int found)
    {
        if (asked is int value && value != found)
        {
            throw Wrong($"holds images whose {option} is {found}, " +
                $"but {string.Format(CultureInfo.InvariantCulture, source, option, value)}");
        }
    }

    private ArgumentOutOfRangeException Missing(string present, bool hasImages) => ColumnErrors.Missing(name, present,
        advice: hasImages ? "" : " If it held images: ML.NET's Cache, AppendCacheCheckpoint and ShuffleRows drop such columns, " +
            "so cache and shuffle before LoadImages.");

    private ArgumentOutOfRangeException Mismatch(string found) =>
        ColumnErrors.Mismatch(name, "an image, or a known-size vector of Single with pixels in [-1, 1], planes first", found);

    private ArgumentOutOfRangeException Wrong(string what) => ColumnErrors.Wrong(name, what);
}

/// <summary>The size of every image of a training set; 1 channel is grey, 3 are red, green and blue.</summary>
internal readonly record struct ImageFormat(int Height, int Width, int Channels)
{
    public int Size => Height * Width * Channels;

    public override string ToString() => $"{Width}x{Height} pixels (width x height) with {Channels} channel{(Channels == 1 ? "" : "s")}";
}
