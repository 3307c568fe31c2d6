using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>
/// Reads a column of images once, through the view's parallel cursors, into one tensor of bytes. The images come out in
/// the view's order, however many cursors there were, so that a seed means the same on machines of any number of cores.
/// </summary>
internal static class ImageReader
{
    /// <summary>Bytes [n, channels, height, width] on the CPU.</summary>
    public static Tensor Read(IDataView input, DataViewSchema.Column column, ImageFormat format, CancellationToken cancellation)
    {
        DataViewRowCursor[] cursors = input.GetRowCursorSet(new[] { column }, Environment.ProcessorCount);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<List<Chunk>>[] readers = cursors.Select(cursor => Task.Factory.StartNew(
            () => ReadAll(input, cursor, column, format, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();

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

        List<Chunk> chunks = readers.SelectMany(reader => reader.Result).OrderBy(chunk => chunk.Batch).ToList();
        return Assemble(chunks, column.Name, format);
    }

    public static InvalidOperationException NoImages(string columnName) =>
        new($"Column '{columnName}' has no images to train on: the data has no rows. Check the folder or the query that the rows come from.");

    private static List<Chunk> ReadAll(IDataView input, DataViewRowCursor cursor, DataViewSchema.Column column, ImageFormat format, CancellationTokenSource stop)
    {
        try
        {
            using (cursor)
            {
                var chunks = new List<Chunk>();
                using IPixelSource source = PixelSource.For(cursor, column, format);
                while (cursor.MoveNext())
                {
                    stop.Token.ThrowIfCancellationRequested();
                    if (chunks.Count == 0 || chunks[^1].Batch != cursor.Batch)
                        chunks.Add(new Chunk(cursor.Batch, new List<byte[]>()));
                    var pixels = new byte[format.Size];
                    ReadRow(input, cursor, column.Name, source, pixels);
                    chunks[^1].Images.Add(pixels);
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

    private static void ReadRow(IDataView input, DataViewRowCursor cursor, string columnName, IPixelSource source, byte[] pixels)
    {
        try
        {
            source.Read(pixels);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new InvalidOperationException($"Column '{columnName}', {FailedRow.Describe(input, cursor)}: {failure.Message}", failure);
        }
    }

    private static Tensor Assemble(List<Chunk> chunks, string columnName, ImageFormat format)
    {
        long count = chunks.Sum(chunk => (long)chunk.Images.Count);
        if (count == 0)
            throw NoImages(columnName);

        using var scope = NewDisposeScope();
        Tensor all = empty(new long[] { count, format.Channels, format.Height, format.Width }, ScalarType.Byte, CPU);
        long row = 0;
        foreach (Chunk chunk in chunks)
        {
            foreach (byte[] image in chunk.Images)
            {
                using Tensor target = all.narrow(0, row++, 1);
                image.CopyTo(target.bytes);
            }
            chunk.Images.Clear();
        }
        return all.MoveToOuterDisposeScope();
    }

    // Rows that one cursor delivered in one go. The view's order is that of the batches, and within a batch that of the rows.
    private sealed record Chunk(long Batch, List<byte[]> Images);
}
