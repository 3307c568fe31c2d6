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
    public static BadRows Read(IDataView input, DataViewSchema.Column column, ImageFormat format, TrainingImages images,
        CancellationToken cancellation, LabelColumn? labels = null, DcganBadImages? badImages = null)
    {
        var bad = new BadRows(input, column.Name, badImages);
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
        TrainingImages images, LabelColumn? labels, BadRows bad, CancellationTokenSource stop)
    {
        try
        {
            using (cursor)
            {
                var chunks = new List<Chunk>();
                var pixels = new byte[format.Size];
                IPixelSource source = PixelSource.For(cursor, column, format);
                Func<long>? readLabel = labels?.ReaderOf(cursor, () => FailedRow.Describe(input, cursor));
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

    private static bool TryRead(IPixelSource source, byte[] pixels, DataViewRowCursor cursor, BadRows bad)
    {
        try
        {
            source.Read(pixels);
            return true;
        }
        catch (Exception failure) when (FailedRow.IsToBlame(failure))
        {
            bad.Add(cursor, failure);
            return false;
        }
    }

    // Rows that one cursor delivered in one go. The view's order is that of the batches, and within a batch that of the rows.
    private sealed record Chunk(long Batch, List<long> Slots, List<long> Labels);
}
