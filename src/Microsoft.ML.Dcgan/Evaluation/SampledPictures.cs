using Microsoft.ML.Dcgan.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>Random pairs of a view's pictures, which are picked out as the rows come by.</summary>
internal sealed class SampledPictures : IDisposable
{
    private const int PairsAtOnce = 50;
    private readonly long[] _left;
    private readonly long[] _right;
    private readonly Dictionary<long, long> _slots;
    private readonly Tensor _pictures;

    /// <param name="column">The column of pictures.</param>
    /// <param name="format">Their size.</param>
    /// <param name="count">How many rows there are, two or more.</param>
    /// <param name="pairs">How many pairs to draw, each of two different rows.</param>
    /// <param name="seed">Draws them.</param>
    public SampledPictures(DataViewSchema.Column column, ImageFormat format, long count, int pairs, ulong seed)
    {
        Column = column;
        Format = format;
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(seed, CPU);
        Tensor left = randint(0, count, [pairs], generator: random);
        Tensor right = (left + randint(1, count, [pairs], generator: random)).remainder(count);
        _left = left.data<long>().ToArray();
        _right = right.data<long>().ToArray();
        _slots = _left.Concat(_right).Distinct().Select((row, slot) => (row, slot)).ToDictionary(pair => pair.row, pair => (long)pair.slot);
        _pictures = zeros([_slots.Count, format.Channels, format.Height, format.Width], ScalarType.Byte, CPU).DetachFromDisposeScope();
    }

    public DataViewSchema.Column Column { get; }

    public ImageFormat Format { get; }

    /// <summary>Keeps the picture of a row, if it is wanted.</summary>
    public void Offer(long row, IPixelSource source)
    {
        if (!_slots.TryGetValue(row, out long slot))
            return;
        using Tensor picture = _pictures.select(0, slot);
        source.Read(picture.bytes);
    }

    /// <summary>The mean similarity of the pairs.</summary>
    public double MeanSimilarity(Device device)
    {
        double sum = 0;
        for (int start = 0; start < _left.Length; start += PairsAtOnce)
        {
            using var scope = NewDisposeScope();
            int end = Math.Min(start + PairsAtOnce, _left.Length);
            sum += MultiscaleSimilarity.Between(Take(_left[start..end], device), Take(_right[start..end], device)).sum().item<double>();
        }
        return sum / _left.Length;
    }

    public void Dispose() => _pictures.Dispose();

    private Tensor Take(long[] rows, Device device) =>
        _pictures.index_select(0, tensor(Array.ConvertAll(rows, row => _slots[row]))).to(ScalarType.Float64, device) / 255.0;
}
