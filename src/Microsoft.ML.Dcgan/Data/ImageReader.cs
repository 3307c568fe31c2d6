using System.Runtime.ExceptionServices;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Reads a column of images once, through the view's parallel cursors. The images come out in the view's order, however many
/// cursors there were, so that a seed means the same on machines of any number of cores.</summary>
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

    /// <summary>Some rows that follow one another.</summary>
    public static IDataView Rows(IDataView input, long first, long count)
    {
        if (input is BatchedView computed)
            return computed.Rows(first, count);
        DataOperationsCatalog rows = new MLContext().Data;
        IDataView rest = first > 0 ? rows.SkipRows(input, first) : input;
        return count > 0 ? rows.TakeRows(rest, count) : rows.SkipRows(input, long.MaxValue);
    }

    /// <summary>Reads a training set, or this rank's part of it, whose minibatches are wanted on a device. The options say where to keep
    /// the images, and what to do with bad ones.</summary>
    /// <exception cref="InvalidOperationException">There are no images, or one cannot be read and is not to be skipped.</exception>
    public static Dataset Load(IDataView input, DataViewSchema.Column column, ImageFormat format, LabelColumn? labels,
        Device device, DcganEstimator.Options options, ImageFlaws flaws, out SkippedRows skipped, Communicator? ranks = null)
    {
        long count = Count(input);
        if (count == 0)
            throw new SkippedRows(input, column.Name, options.BadImages).NoImages();
        IDataView part = input;
        if (ranks is { IsAlone: false })
        {
            if (count < ranks.Size)
            {
                throw new InvalidOperationException(
                    $"{ranks.Size} processes are to train together on {count} images, of which each reads a part: start at most {count}.");
            }
            (long first, count) = ranks.ShareOf(count);
            part = Rows(input, first, count);
        }
        Dataset created = Dataset.Create(count, (format.Channels, format.Height, format.Width), device, options.CacheFolder);
        (Dataset read, skipped) = Ownership.HandOver(created, images =>
            (images, Read(input, column, format, images, options.CancellationToken, labels, options.BadImages, flaws, part)));
        return read;
    }

    /// <summary>Fills and completes <paramref name="images"/>, with the labels of a column where there is one; from a part of the rows,
    /// where there is one.</summary>
    /// <returns>The rows that were skipped, where there is such an option and it allows that.</returns>
    public static SkippedRows Read(IDataView input, DataViewSchema.Column column, ImageFormat format, Dataset images,
        CancellationToken cancellation, LabelColumn? labels = null, DcganBadImages? badImages = null, ImageFlaws? flaws = null,
        IDataView? part = null)
    {
        var bad = new SkippedRows(input, column.Name, badImages);
        DataViewSchema.Column[] columns = labels == null ? [column] : [column, labels.Find(input.Schema)];
        DataViewRowCursor[] cursors = (part ?? input).GetRowCursorSet(columns, Environment.ProcessorCount);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<List<Chunk>>[] readers = Array.ConvertAll(cursors, cursor => Task.Factory.StartNew(
            () => ReadAll(input, cursor, column, format, images, labels, bad, flaws, stop),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));

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
        Dataset images, LabelColumn? labels, SkippedRows bad, ImageFlaws? flaws, CancellationTokenSource stop)
    {
        try
        {
            using (cursor)
            {
                var chunks = new List<Chunk>();
                var pixels = new byte[format.Size];
                RowReader<byte> read = PixelReader.For(cursor, column, format, flaws);
                var label = new long[1];
                RowReader<long>? readLabel = labels?.ReaderOf(cursor).Naming(labels.Name, () => RowErrors.Describe(input, cursor));
                while (cursor.MoveNext())
                {
                    stop.Token.ThrowIfCancellationRequested();
                    if (chunks.Count == 0 || chunks[^1].Batch != cursor.Batch)
                        chunks.Add(new Chunk(cursor.Batch, [], []));
                    try
                    {
                        read(pixels);
                    }
                    catch (Exception failure) when (RowErrors.IsToBlame(failure))
                    {
                        bad.Add(cursor, failure);
                        continue;
                    }
                    chunks[^1].Slots.Add(images.Add(pixels));
                    readLabel?.Invoke(label);
                    chunks[^1].Labels.Add(label[0]);    // 0 where there are none
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

    // Rows that one cursor delivered in one go. The view's order is that of the batches, and within a batch that of the rows.
    private sealed record Chunk(long Batch, List<long> Slots, List<long> Labels);
}
