using System.Numerics;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A view's column that is compared with another's: images, or vectors of features.</summary>
/// <param name="Role">What the view is called in messages: real, generated or training.</param>
/// <param name="View">The view, of at least a row.</param>
/// <param name="Column">Its column.</param>
/// <param name="Images">The size of the images that it is read as; null: vectors.</param>
/// <param name="Size">Numbers in a row.</param>
internal sealed record FeatureColumn(string Role, IDataView View, DataViewSchema.Column Column, ImageFormat? Images, int Size)
{
    /// <summary>Rows whose features are computed together.</summary>
    public const int Batch = 64;

    private const int MostRows = 1024;
    private const int MostNumbers = 1 << 24;

    /// <summary>All rows, where they were counted.</summary>
    public long Count { get; init; }

    /// <summary>Of these, the ones that this rank reads, and a view of them.</summary>
    public (long First, long Count) Own { get; init; }

    public IDataView OwnRows { get; init; } = View;

    /// <summary>Which of so many rows a rank reads: whole batches, so that they are those of one process.</summary>
    public static (long First, long Count) PartOf(long rows, Communicator ranks, int rank) => ranks.ShareOf(rows, rank, Batch);

    public string Description =>
        Images is { } images ? $"pixels {images.Width}x{images.Height}x{images.Channels}" : $"column '{Column.Name}', {Column.Type}";

    /// <summary>The column of a name. Images are read with as many channels as the vectors have that they are compared with.</summary>
    public static FeatureColumn Find(string role, IDataView view, string name, int? channels = null)
    {
        DataViewSchema.Column column = view.Schema.GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(role,
            $"Could not find column '{name}' in the {role} view. " +
            $"The columns are: {ColumnErrors.Names(view.Schema)}.");
        if (column.Type is ImageDataViewType)
        {
            ImageFormat images = new ImageColumn(name, null, null, channels).Resolve(view).Format;
            return new(role, view, column, images, images.Size);
        }
        return IsFeatures(column) ? new(role, view, column, null, ((VectorDataViewType)column.Type).Size)
            : throw new ArgumentOutOfRangeException(role,
            $"Column '{name}' of the {role} view is of type {column.Type}, but an image or a known-size vector of Single is expected. " +
            "Name another column, or convert this one first.");
    }

    /// <summary>The last column of features that a transformer gives.</summary>
    public static string NameOfLast(DataViewSchema output, ITransformer transformer) => output.Any(IsFeatures)
        ? output.Last(IsFeatures).Name
        : throw new ArgumentOutOfRangeException("featureExtractor",
            $"The output of the feature extractor, {transformer.GetType().Name}, has no column of known-size vectors of Single. " +
            $"Its columns are: {string.Join(", ", output.Select(column => $"{column.Name} ({column.Type})"))}.");

    /// <summary>The channels of the images that a column of vectors stands for, if its type says so.</summary>
    public static int? ChannelsOfVectors(IDataView view, string name) =>
        view.Schema.GetColumnOrNull(name) is { Type: VectorDataViewType type } ? Planes(type)?.Channels : null;

    /// <summary>The same column, read as images: null where it has none, nor vectors of their planes.</summary>
    public FeatureColumn? AsImages() =>
        (Images ?? Planes(Column.Type)) is { } format ? this with { Images = format, Size = format.Size } : null;

    /// <summary>Another column of the same view, read as images: null where there is none, or it has none.</summary>
    public FeatureColumn? Beside(string name) => name == Column.Name ? AsImages()
        : View.Schema.GetColumnOrNull(name) == null ? null : Find(Role, View, name).AsImages();

    /// <summary>All its images, or this rank's.</summary>
    public Dataset Load(Device device, CancellationToken cancellation)
    {
        ImageFormat format = Images!.Value;
        Dataset created = Dataset.Create(Own.Count, (format.Channels, format.Height, format.Width), device, cacheFolder: null);
        return Ownership.HandOver(created, images =>
        {
            if (Own.Count > 0)
                ImageReader.Read(View, Column, format, images, cancellation, part: OwnRows);
            else
                images.Complete([]);
            return images;
        });
    }

    /// <summary>How many rows it is read by, along with another column, if there is one: a multiple of a batch, or a part.</summary>
    public int BlockSize(FeatureColumn? pictures = null) =>
        1 << BitOperations.Log2((uint)Math.Clamp(MostNumbers / Math.Max(Size, pictures?.Size ?? 0), 1, MostRows));

    /// <summary>Reads the column once, in the view's order, in blocks: images as bytes [n, height, width, channels], vectors as Single [n,
    /// size]. Another column of the same view may come along. What takes the blocks does not keep them. Progress: rows so far.</summary>
    public void Read(FeatureColumn? pictures, Action<Tensor, Tensor?> add, CancellationToken cancellation, Action<long>? progress = null)
    {
        FeatureColumn[] columns = pictures == null ? [this] : [this, pictures];
        using DataViewRowCursor cursor = OwnRows.GetRowCursor(columns.Select(column => column.Column));
        int capacity = BlockSize(pictures), filled = 0;
        (Action<int> Read, Func<int, Tensor> Take)[] blocks = Array.ConvertAll(columns, column => column.Block(cursor, capacity));
        for (long rows = 1; cursor.MoveNext(); rows++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach ((Action<int> read, _) in blocks)
                read(filled);
            if (++filled == capacity)
                Add();
            progress?.Invoke(rows);
        }
        if (filled > 0)
            Add();

        void Add()
        {
            using var scope = NewDisposeScope();
            add(blocks[0].Take(filled), pictures == null ? null : blocks[1].Take(filled));
            filled = 0;
        }
    }

    // What reads the cursor's row into a slot, and what gives the first slots.
    private (Action<int> Read, Func<int, Tensor> Take) Block(DataViewRowCursor cursor, int capacity)
    {
        if (Images is { } format)
        {
            var pixels = new RowSlots<byte>(Size, capacity, Naming(PixelReader.For(cursor, Column, format)));
            return (pixels.Read, count => tensor(pixels.First(count), [count, format.Height, format.Width, format.Channels]));
        }
        var numbers = new RowSlots<float>(Size, capacity, Naming(RowReaders.OfVectors(cursor, Column, (slot, number) =>
            FormattableString.Invariant($"slot {slot} is {number}, but features must be finite numbers. ") +
            "Leave such rows out, or replace what is missing.")));
        return (numbers.Read, count => tensor(numbers.First(count), [count, Size]));

        RowReader<T> Naming<T>(RowReader<T> read) =>
            read.Naming(Column.Name, () => RowErrors.Describe(View, cursor), $" of the {Role} view");
    }

    private static bool IsFeatures(DataViewSchema.Column column) => !column.IsHidden && column.Type.IsVectorOfSingle();

    private static ImageFormat? Planes(DataViewType type) =>
        type is VectorDataViewType { Dimensions: [1 or 3, var height, var width] size } ? new(height, width, size[0]) : null;
}

/// <summary>The two columns that are compared, and what is in them.</summary>
internal sealed record FeatureColumns(FeatureColumn Real, FeatureColumn Generated, string Description)
{
    /// <summary>The columns of two views, or those of an extractor's output, which are the last of vectors if they have no name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of a wrong type, or their sizes differ.</exception>
    /// <exception cref="InvalidOperationException">A view has no rows.</exception>
    public static FeatureColumns Find(MLContext mlContext, (string Role, IDataView View, string Name) real,
        (IDataView View, string Name) generated, ITransformer? extractor, string? featureName, Communicator ranks)
    {
        long realCount = Count(real.View, real.Role), generatedCount = Count(generated.View, "generated");

        // Grey pictures come out of generators as images with three equal planes: they are read as the other side has them.
        FeatureColumn realColumn = FeatureColumn.Find(real.Role, real.View, real.Name,
            FeatureColumn.ChannelsOfVectors(generated.View, generated.Name));
        FeatureColumn generatedColumn = FeatureColumn.Find("generated", generated.View, generated.Name,
            FeatureColumn.ChannelsOfVectors(real.View, real.Name));
        string description = (realColumn.Images == null ? generatedColumn : realColumn).Description;
        if (extractor != null)
        {
            IDataView realFeatures = Features(real.View, real.Name);
            featureName ??= FeatureColumn.NameOfLast(realFeatures.Schema, extractor);
            realColumn = FeatureColumn.Find(real.Role, realFeatures, featureName);
            generatedColumn = FeatureColumn.Find("generated", Features(generated.View, generated.Name), featureName);
            description = $"column '{featureName}' of {extractor.GetType().Name}, {realColumn.Column.Type}";
        }
        return realColumn.Size == generatedColumn.Size
            ? new(Shared(realColumn, realCount, real.View, real.Name),
                Shared(generatedColumn, generatedCount, generated.View, generated.Name), description)
            : throw new ArgumentOutOfRangeException(nameof(generated),
                $"The {real.Role} view has {realColumn.Size} features a row ({realColumn.Description}), but the generated view has " +
                $"{generatedColumn.Size} ({generatedColumn.Description}). Resize the images to one size first, " +
                "or give columns of the same features.");

        // The extractor knows one column by name; in the generated view that column may be missing, or hold something else.
        IDataView Features(IDataView view, string name) => extractor == null ? view : extractor.Transform(name == real.Name ? view
            : mlContext.Transforms.CopyColumns(real.Name, name).Fit(view).Transform(view));

        FeatureColumn Shared(FeatureColumn column, long count, IDataView view, string name)
        {
            (long First, long Count) own = FeatureColumn.PartOf(count, ranks, ranks.Rank);
            return column with
            {
                Count = count,
                Own = own,
                OwnRows = ranks.IsAlone ? column.View : Features(ImageReader.Rows(view, own.First, own.Count), name),
            };
        }
    }

    /// <summary>The same columns, both read as images of one size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column has none, or they differ in size.</exception>
    public FeatureColumns AsImages()
    {
        FeatureColumn real = Images(Real), generated = Images(Generated);
        return real.Images == generated.Images ? this with { Real = real, Generated = generated, Description = real.Description }
            : throw new ArgumentOutOfRangeException("RandomFeatures",
                $"The {real.Role} view's images are of {real.Images}, but the generated view's of {generated.Images}. " +
                "Resize the images to one size first.");
    }

    private static FeatureColumn Images(FeatureColumn column) => column.AsImages() ?? throw new ArgumentOutOfRangeException(
        "RandomFeatures", $"RandomFeatures is true, but column '{column.Column.Name}' of the {column.Role} view is of type " +
        $"{column.Column.Type}: images are expected, or vectors of their pixels with 1 or 3 planes in their type. " +
        "Leave RandomFeatures out, or name another column.");

    private static long Count(IDataView view, string role) => ImageReader.Count(view) is > 0 and long count ? count
        : throw new InvalidOperationException($"The {role} view has no rows. Check the folder or the query that they come from.");
}
