namespace Microsoft.ML.Dcgan.Tool.Output;

/// <summary>A quantity all through a job, however long: its mean over stretches that grow with it.</summary>
internal sealed class LossHistory
{
    private const int Most = 128;
    private const string Blocks = "▁▂▃▄▅▆▇█";

    private readonly List<double> _means = [];
    private int _stretch = 1, _counted;
    private double _sum;

    public void Add(double value)
    {
        if (!double.IsFinite(value))
            return;
        _sum += value;
        if (++_counted < _stretch)
            return;
        _means.Add(_sum / _counted);
        (_sum, _counted) = (0, 0);
        if (_means.Count < Most)
            return;
        double[] halved = [.. _means.Chunk(2).Select(pair => pair.Average())];
        _means.Clear();
        _means.AddRange(halved);
        _stretch *= 2;
    }

    /// <summary>A letter for each stretch, the lowest being the least value there was and the highest the largest.</summary>
    public string Sparkline(int width)
    {
        if (_means.Count == 0)
            return "";
        int columns = Math.Min(width, _means.Count);
        double[] heights = [.. Enumerable.Range(0, columns).Select(i =>
            _means[(i * _means.Count / columns)..((i + 1) * _means.Count / columns)].Average())];
        (double least, double most) = (heights.Min(), heights.Max());
        return string.Concat(heights.Select(height =>
            Blocks[most > least ? (int)Math.Round((height - least) / (most - least) * (Blocks.Length - 1)) : 0]));
    }
}
