using System.Globalization;

namespace Microsoft.ML.Dcgan.Rendering;

/// <summary>Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten, at most seven of them.</summary>
internal sealed class Ticks
{
    private const int Most = 5;

    public Ticks(double low, double high)
    {
        if (!(high > low))
            high = low + 1;
        double rough = (high - low) / Most, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { 1, 2, 5, 10 }.Select(factor => factor * power).First(size => size >= rough * 0.9999);
        int first = (int)Math.Floor(low / step + 1e-9), last = (int)Math.Ceiling(high / step - 1e-9);

        // As decimals, so that 3 times 0.1 is 0.3.
        Values = Enumerable.Range(first, last - first + 1).Select(i => Math.Round(i * step, 12)).ToArray();
        (Low, High) = (Values[0], Values[^1]);
    }

    /// <summary>At most the lowest number.</summary>
    public double Low { get; }

    /// <summary>At least the highest number.</summary>
    public double High { get; }

    public IReadOnlyList<double> Values { get; }

    public static string Text(double value) => Math.Abs(value) switch
    {
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + "k",
        > 0 and < 1e-3 => value.ToString("0.#E0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.######", CultureInfo.InvariantCulture),
    };
}
