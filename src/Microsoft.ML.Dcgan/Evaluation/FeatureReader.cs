using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>Reads a column of features once, in the view's order, in blocks of rows.</summary>
internal static class FeatureReader
{
    private const int MostRows = 1024;
    private const int MostNumbers = 1 << 24;

    /// <param name="features">The column.</param>
    /// <param name="pictures">Keeps some of the pictures on the way; may be null.</param>
    /// <param name="add">Takes blocks [n, size] of Single, which it does not keep.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="progress">Told the number of rows after each.</param>
    public static void Read(FeatureColumn features, SampledPictures? pictures, Action<Tensor> add, CancellationToken cancellation, Action<long>? progress = null)
    {
        var columns = new List<DataViewSchema.Column> { features.Column };
        if (pictures != null)
            columns.Add(pictures.Column);
        using DataViewRowCursor cursor = features.View.GetRowCursor(columns);
        IFeatureSource source = features.Images is { } images
            ? new PixelFeatures(PixelSource.For(cursor, features.Column, images), images.Size)
            : new VectorFeatures(cursor.GetGetter<VBuffer<float>>(features.Column), features.Size);
        IPixelSource? pixels = pictures == null ? null : PixelSource.For(cursor, pictures.Column, pictures.Format);

        int blockRows = Math.Clamp(MostNumbers / features.Size, 1, MostRows);
        var block = new float[blockRows * features.Size];
        long rows = 0;
        for (; cursor.MoveNext(); rows++)
        {
            cancellation.ThrowIfCancellationRequested();
            int at = (int)(rows % blockRows);
            ReadRow(features, features.Column.Name, cursor, () => source.Read(block.AsSpan(at * features.Size, features.Size)));
            if (pictures != null)
                ReadRow(features, pictures.Column.Name, cursor, () => pictures.Offer(rows, pixels!));
            if (at == blockRows - 1)
                Add(block, blockRows, features.Size, add);
            progress?.Invoke(rows + 1);
        }
        if (rows % blockRows is > 0 and long rest)
            Add(block, (int)rest, features.Size, add);
    }

    private static void Add(float[] block, int rows, int size, Action<Tensor> add)
    {
        using var scope = NewDisposeScope();
        add(tensor(rows * size == block.Length ? block : block[..(rows * size)], new long[] { rows, size }));
    }

    private static void ReadRow(FeatureColumn features, string columnName, DataViewRowCursor cursor, Action read) =>
        FailedRow.Naming(() => $"Column '{columnName}' of the {features.Role} view, {FailedRow.Describe(features.View, cursor)}", read);
}
