using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>MS-SSIM (Wang, Simoncelli and Bovik 2003, equation 7): how alike two pictures are in structure, 1 if they are the same. Odena,
/// Olah and Shlens 2017, section 4.2, take the mean over random pairs of generated pictures for a lack of diversity. Statistics are of
/// Gaussian windows of 11 pixels, wholly inside; the next scale is the mean of 2x2 pixels. Of the five scales those are used that the
/// window fits in, with their weights over the weights' sum. Colours are averaged with the pixels.</summary>
internal static class MsSsim
{
    private const int Window = 11;
    private const double WindowDeviation = 1.5;

    // K1 and K2 of Wang et al. 2004, for values from 0 to 1.
    private const double LuminanceFloor = 0.01 * 0.01;
    private const double ContrastFloor = 0.03 * 0.03;

    private static readonly double[] _weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    /// <summary>Scales of all five that the window fits in; 0 if not even the picture itself is large enough.</summary>
    public static int Scales(long height, long width)
    {
        int scales = 0;
        for (long side = Math.Min(height, width); side >= Window && scales < _weights.Length; side /= 2)
            scales++;
        return scales;
    }

    /// <summary>The similarity [n] of pictures [n, channels, height, width], values from 0 to 1, to as many others.</summary>
    public static Tensor Between(Tensor left, Tensor right)
    {
        using var scope = new NoGradScope();
        int scales = Scales(left.shape[2], left.shape[3]);
        double total = _weights.Take(scales).Sum();
        left = left.to(ScalarType.Float64);
        right = right.to(ScalarType.Float64);
        Tensor product = ones([left.shape[0]], ScalarType.Float64, left.device);
        for (int scale = 0; scale < scales; scale++)
        {
            if (scale > 0)
            {
                left = nn.functional.avg_pool2d(left, 2);
                right = nn.functional.avg_pool2d(right, 2);
            }
            // Pictures that are each other's negative have no similarity, rather than the power of a negative number.
            Tensor similarity = OneScale(left, right, withLuminance: scale == scales - 1).clamp_min(Number(0));
            product = product * similarity.pow(Number(_weights[scale] / total));
        }
        return product.MoveToOuterDisposeScope();
    }

    private static Tensor OneScale(Tensor left, Tensor right, bool withLuminance)
    {
        Tensor leftMean = Blur(left), rightMean = Blur(right);
        Tensor leftVariance = Blur(left.Square()) - leftMean.Square();
        Tensor rightVariance = Blur(right.Square()) - rightMean.Square();
        Tensor covariance = Blur(left * right) - leftMean * rightMean;
        Tensor similarity = (Number(2) * covariance).Plus(ContrastFloor) / leftVariance.Plus(rightVariance).Plus(ContrastFloor);
        if (withLuminance)
            similarity = similarity * (Number(2) * leftMean * rightMean).Plus(LuminanceFloor)
                / leftMean.Square().Plus(rightMean.Square()).Plus(LuminanceFloor);
        return similarity.mean(new long[] { 1, 2, 3 });
    }

    private static Tensor Blur(Tensor images)
    {
        (long n, long channels, long height, long width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        double[] weights = Enumerable.Range(0, Window)
            .Select(i => Math.Exp(-Math.Pow((i - Window / 2) / WindowDeviation, 2) / 2)).ToArray();
        Tensor window = tensor(weights, device: images.device) / Number(weights.Sum());
        Tensor planes = images.reshape(n * channels, 1, height, width);
        Tensor blurred = nn.functional.conv2d(nn.functional.conv2d(planes, window.view(1, 1, Window, 1)), window.view(1, 1, 1, Window));
        return blurred.view(n, channels, height - Window + 1, width - Window + 1);
    }
}

/// <summary>Random pairs of a set's pictures, which are picked out as they come by in blocks.</summary>
internal sealed class PicturePairs : IDisposable
{
    private const int PairsAtOnce = 50;
    private readonly (long Left, long Right)[] _pairs;
    private readonly Dictionary<long, long> _slots;
    private readonly Tensor _pictures;
    private readonly Communicator _ranks;
    private readonly long _count;
    private long _seen;

    /// <summary>Draws pairs, each of two different ones of so many pictures.</summary>
    public PicturePairs(ImageFormat format, long count, int pairs, ulong seed, Communicator ranks)
    {
        (_count, _ranks) = (count, ranks);
        _seen = FeatureColumn.PartOf(count, ranks, ranks.Rank).First;
        Scales = MsSsim.Scales(format.Height, format.Width);
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(seed, CPU);
        Tensor left = randint(0, count, [pairs], generator: random);
        Tensor right = left.Plus(randint(1, count, [pairs], generator: random)).remainder(Number(count));
        _pairs = left.data<long>().Zip(right.data<long>()).ToArray();
        _slots = _pairs.SelectMany(pair => new[] { pair.Left, pair.Right }).Distinct().Order()
            .Select((row, slot) => (row, slot)).ToDictionary(entry => entry.row, entry => (long)entry.slot);
        _pictures = zeros([_slots.Count, format.Height, format.Width, format.Channels], ScalarType.Byte, CPU).DetachFromDisposeScope();
    }

    /// <summary>How many of the five scales fit into the pictures.</summary>
    public int Scales { get; }

    /// <summary>Keeps those of this rank's next pictures, bytes [n, height, width, channels], that are of a pair.</summary>
    public void Add(Tensor block)
    {
        for (long i = 0; i < block.shape[0]; i++, _seen++)
        {
            if (_slots.TryGetValue(_seen, out long slot))
                _pictures[slot].copy_(block[i]);
        }
    }

    /// <summary>The root gets those of all ranks, which are as the rows are, one rank's after another's.</summary>
    public void Complete()
    {
        if (_ranks.IsAlone)
            return;
        using var scope = NewDisposeScope();
        long[] counts = [.. Enumerable.Range(0, _ranks.Size).Select(rank => FeatureColumn.PartOf(_count, _ranks, rank))
            .Select(part => _slots.Keys.LongCount(row => row >= part.First && row < part.First + part.Count))];
        Tensor all = _ranks.GatherRows(_pictures.narrow(0, counts[.._ranks.Rank].Sum(), counts[_ranks.Rank]), counts);
        if (_ranks.IsRoot)
            _pictures.copy_(all);
    }

    /// <summary>The mean similarity of the pairs; the root's.</summary>
    public double MeanSimilarity(Device device)
    {
        double sum = 0;
        foreach ((long Left, long Right)[] batch in _pairs.Chunk(PairsAtOnce))
        {
            using var scope = NewDisposeScope();
            sum += MsSsim.Between(Take(batch.Select(pair => pair.Left)), Take(batch.Select(pair => pair.Right))).sum().item<double>();
        }
        return sum / _pairs.Length;

        Tensor Take(IEnumerable<long> rows) => _pictures.index_select(0, tensor(rows.Select(row => _slots[row]).ToArray()))
            .permute(0, 3, 1, 2).to(ScalarType.Float64, device) / Number(255.0);
    }

    public void Dispose() => _pictures.Dispose();
}
