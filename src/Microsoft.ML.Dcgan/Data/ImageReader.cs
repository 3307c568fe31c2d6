using System.Numerics;
using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>
/// Reads a column of images once, through the view's parallel cursors. The images come out in the view's order, however
/// many cursors there were, so that a seed means the same on machines of any number of cores.
/// </summary>
internal static class ImageReader
{
    /// <summary>How many rows there are, by the view's word or by counting, which reads no column.</summary>
    public static long Count(IDataView input)
    {
        if (input.GetRowCount() is long known)
            return known;
        long count = 0;
        using DataViewRowCursor cursor = input.GetRowCursor([]);
        while (cursor.MoveNext())
            count++;
        return count;
    }

    /// <summary>Fills and completes <paramref name="images"/>, with the labels of a column where there is one. Returns the rows that were skipped, where there is such an option and it allows that.</summary>
    public static SkippedRows Read(IDataView input, DataViewSchema.Column column, ImageFormat format, Dataset images,
        CancellationToken cancellation, LabelColumn? labels = null, DcganBadImages? badImages = null)
    {
        var bad = new SkippedRows(input, column.Name, badImages);
        DataViewSchema.Column[] columns = labels == null ? [column] : [column, labels.Find(input.Schema)];
        DataViewRowCursor[] cursors = input.GetRowCursorSet(columns, Environment.ProcessorCount);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<List<Chunk>>[] readers = cursors.Select(cursor => Task.Factory.StartNew(
            () => ReadAll(input, cursor, column, format, images, labels, bad, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();

        try
        {
            Task.WaitAll(readers);
        }
        catch (AggregateException failures)
        {
            cancellation.ThrowIfCancellationRequested();
            // The readers that stop because another one failed say only that they were cancelled.
            ExceptionDispatchInfo.Throw(failures.InnerExceptions.MinBy(failure => failure is OperationCanceledException)!);
        }

        Chunk[] chunks = readers.SelectMany(reader => reader.Result).OrderBy(chunk => chunk.Batch).ToArray();
        long[] slots = chunks.SelectMany(chunk => chunk.Slots).ToArray();
        if (slots.Length == 0)
            throw bad.NoImages();
        images.Complete(slots, labels == null ? null : chunks.SelectMany(chunk => chunk.Labels).ToArray());
        return bad;
    }

    private static List<Chunk> ReadAll(IDataView input, DataViewRowCursor cursor, DataViewSchema.Column column, ImageFormat format,
        Dataset images, LabelColumn? labels, SkippedRows bad, CancellationTokenSource stop)
    {
        try
        {
            using (cursor)
            {
                var chunks = new List<Chunk>();
                var pixels = new byte[format.Size];
                IPixelReader source = PixelReader.For(cursor, column, format);
                Func<long>? readLabel = labels?.ReaderOf(cursor, () => RowErrors.Describe(input, cursor));
                while (cursor.MoveNext())
                {
                    stop.Token.ThrowIfCancellationRequested();
                    if (chunks.Count == 0 || chunks[^1].Batch != cursor.Batch)
                        chunks.Add(new Chunk(cursor.Batch, [], []));
                    if (!TryRead(source, pixels, cursor, bad))
                        continue;
                    chunks[^1].Slots.Add(images.Add(pixels));
                    if (readLabel?.Invoke() is long label)
                        chunks[^1].Labels.Add(label);
                }
                return chunks;
            }
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }

    private static bool TryRead(IPixelReader source, byte[] pixels, DataViewRowCursor cursor, SkippedRows bad)
    {
        try
        {
            source.Read(pixels);
            return true;
        }
        catch (Exception failure) when (RowErrors.IsToBlame(failure))
        {
            bad.Add(cursor, failure);
            return false;
        }
    }

    // Rows that one cursor delivered in one go. The view's order is that of the batches, and within a batch that of the rows.
    private sealed record Chunk(long Batch, List<long> Slots, List<long> Labels);
}

/// <summary>A view's column of images for a trained generator, and that of their classes where it has any.</summary>
internal sealed record LabelledImages(ImageColumn Images, LabelColumn? Labels)
{
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or does not fit.</exception>
    public IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema schema) =>
        Labels == null ? [Images.Find(schema).Column] : [Images.Find(schema).Column, Labels.Find(schema)];

    public Rows RowsOf(DataViewRow input, int capacity, Func<string> which) => new(this, input, capacity, which);

    /// <summary>Some rows' images as bytes [height, width, channels], and classes.</summary>
    internal sealed class Rows
    {
        private readonly int _imageSize;
        private readonly byte[] _pixels;
        private readonly long[] _labels;
        private readonly IPixelReader _source;
        private readonly Func<long>? _readLabel;
        private readonly Func<string> _which;

        public Rows(LabelledImages columns, DataViewRow input, int capacity, Func<string> which)
        {
            (DataViewSchema.Column column, ImageFormat format) = columns.Images.Find(input.Schema);
            _imageSize = format.Size;
            _pixels = new byte[capacity * _imageSize];
            _labels = new long[capacity];
            _source = PixelReader.For(input, column, format);
            _readLabel = columns.Labels?.ReaderOf(input, which);
            _which = () => $"Column '{column.Name}', {which()}";
        }

        /// <summary>Reads the input's current row into a slot.</summary>
        public void Read(int slot)
        {
            RowErrors.Naming(_which, () => _source.Read(_pixels.AsSpan(slot * _imageSize, _imageSize)));
            if (_readLabel != null)
                _labels[slot] = _readLabel();
        }

        public byte[] Pixels(int count) => _pixels[..(count * _imageSize)];

        public long[]? Labels(int count) => _readLabel == null ? null : _labels[..count];
    }
}

/// <summary>Reads the class, from 0, of the row that a cursor is at.</summary>
internal static class LabelReader
{
    /// <param name="row">Where it is read.</param>
    /// <param name="column">A column of keys: of the classes themselves, or of values that are to be found among them.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="which">What errors call the row.</param>
    public static Func<long> OfKeys(DataViewRow row, DataViewSchema.Column column, LabelColumn labels, Func<string> which)
    {
        Func<ulong> read = KeyReader(row, column);
        ulong count = ((KeyDataViewType)column.Type).Count;
        KeyValueType? type = labels.ValueType == null ? null : KeyValueType.Of(column);
        string[]? values = type?.ValuesOf(column).ToArray();
        int[]? classes = values?.Select(labels.IndexOf).ToArray();
        return () =>
        {
            ulong key = read();
            if (key == 0)
                throw Missing(labels, which);
            if (key > count)
                throw Failure(labels, which, $"holds the key {key}, but its type, {column.Type}, ends at {count}.");
            if (classes == null)
                return (long)key - 1;
            return Known(classes[key - 1], values![key - 1], labels, which);
        };
    }

    /// <param name="read">Reads the class's value.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="which">What errors call the row.</param>
    public static Func<long> OfValues(Func<string> read, LabelColumn labels, Func<string> which) => () =>
    {
        string value = read();
        return Known(labels.IndexOf(value), value, labels, which);
    };

    private static long Known(int index, string value, LabelColumn labels, Func<string> which) => index >= 0
        ? index
        : throw Failure(labels, which, $"holds '{value}', which is none of the classes trained on: {labels.Listing()}.");

    private static Func<ulong> KeyReader(DataViewRow row, DataViewSchema.Column column)
    {
        Type raw = column.Type.RawType;
        return raw == typeof(byte) ? KeyReader<byte>(row, column)
            : raw == typeof(ushort) ? KeyReader<ushort>(row, column)
            : raw == typeof(uint) ? KeyReader<uint>(row, column)
            : KeyReader<ulong>(row, column);
    }

    private static Func<ulong> KeyReader<T>(DataViewRow row, DataViewSchema.Column column) where T : unmanaged, INumberBase<T>
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T key = default;
        return () =>
        {
            getter(ref key);
            return ulong.CreateChecked(key);
        };
    }

    private static InvalidOperationException Missing(LabelColumn labels, Func<string> which) => Failure(labels, which,
        "has no key. MapValueToKey gives none to a missing value, or to one that it did not learn. Leave such rows out of the data, or give them a class.");

    private static InvalidOperationException Failure(LabelColumn labels, Func<string> which, string what) =>
        new($"Column '{labels.Name}', {which()}: {what}");
}
