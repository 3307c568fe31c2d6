using System.Runtime.InteropServices;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>At most 256 colours for a picture: its own where it has no more; otherwise those colours' means, which are parted again and
/// again where that takes away most of the squared error.</summary>
internal sealed class ColorQuantizer
{
    public const int MostColors = 256;
    private readonly Dictionary<int, byte> _indices;

    /// <param name="counts">How often each colour is to be shown, one or more.</param>
    public ColorQuantizer(IReadOnlyDictionary<int, int> counts)
    {
        List<Box> boxes = counts.Count <= MostColors
            ? counts.Keys.Order().Select(color => new Box([(color, 1)])).ToList()
            : Parted(new Box(counts.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)).ToArray()));
        Colors = boxes.Select(box => box.Mean).ToArray();
        _indices = boxes.SelectMany((box, index) => box.Colors.Select(part => (part.Color, Index: (byte)index)))
            .ToDictionary(entry => entry.Color, entry => entry.Index);
    }

    /// <summary>The colours, red in the highest of three bytes.</summary>
    public IReadOnlyList<int> Colors { get; }

    /// <summary>How often pictures have each colour.</summary>
    public static Dictionary<int, int> Count(IEnumerable<PixelCanvas> pictures)
    {
        var counts = new Dictionary<int, int>();
        foreach (PixelCanvas picture in pictures)
        {
            for (int i = 0; i < picture.Count; i++)
                CollectionsMarshal.GetValueRefOrAddDefault(counts, picture.ColorOf(i), out _)++;
        }
        return counts;
    }

    /// <summary>The picture's pixels, each as the index of its colour.</summary>
    public byte[] Map(PixelCanvas picture) => [.. Enumerable.Range(0, picture.Count).Select(i => _indices[picture.ColorOf(i)])];

    private static List<Box> Parted(Box all)
    {
        var queue = new PriorityQueue<Box, double>([(all, -all.Error)]);
        while (queue.Count < MostColors && queue.Peek().Error > 0)
        {
            foreach (Box half in queue.Dequeue().Part())
                queue.Enqueue(half, -half.Error);
        }
        return queue.UnorderedItems.Select(item => item.Element).OrderBy(box => box.Mean).ToList();
    }

    private sealed class Box
    {
        private readonly double[] _mean = new double[3];
        private readonly int _shift;

        public Box((int Color, int Count)[] colors)
        {
            Colors = colors;
            double total = colors.Sum(color => (double)color.Count);
            double most = -1;
            for (int channel = 0; channel < 3; channel++)
            {
                int shift = 16 - 8 * channel;
                double mean = colors.Sum(color => (double)color.Count * (color.Color >> shift & 0xFF)) / total;
                double error = colors.Sum(color => color.Count * Math.Pow((color.Color >> shift & 0xFF) - mean, 2));
                _mean[channel] = mean;
                Error += error;
                if (error > most)
                    (most, _shift) = (error, shift);
            }
        }

        public (int Color, int Count)[] Colors { get; }

        /// <summary>The sum of the squared differences from the mean.</summary>
        public double Error { get; }

        public int Mean => _mean.Aggregate(0, (color, value) => color << 8 | (int)Math.Round(value));

        /// <summary>Parts it at the mean of the channel in which its colours differ most.</summary>
        public Box[] Part()
        {
            double mean = _mean[2 - _shift / 8];
            ILookup<bool, (int, int)> halves = Colors.ToLookup(color => (color.Color >> _shift & 0xFF) <= mean);
            return [new Box([.. halves[true]]), new Box([.. halves[false]])];
        }
    }
}
