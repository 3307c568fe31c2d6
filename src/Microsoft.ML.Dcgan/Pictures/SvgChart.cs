using System.Net;
using static System.FormattableString;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>Lines over a common horizontal axis, as the content of an SVG picture; its colours are classes of the style of
/// <see cref="TrainingCurves"/>.</summary>
internal sealed class SvgChart
{
    public const int Width = 480;
    public const int Height = 230;
    private const int Left = 46, Right = 18, Top = 46, Bottom = 38;

    // More points than there are pixels say no more.
    private const int MostPoints = 600;
    private readonly double _lastX;
    private readonly Ticks _vertical;
    private readonly StringBuilder _svg = new();

    /// <summary>Draws lines, whose points go from left to right, at least one in all, over an axis that counts something, up to a number at
    /// least; and marks where something happened.</summary>
    public SvgChart(string title, string horizontal, IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> lines,
        IReadOnlyList<(double X, string What)> marks, double least = 0)
    {
        (double X, double Y)[] all = lines.SelectMany(line => line.Points).ToArray();
        _lastX = all.Max(point => point.X);
        _vertical = new Ticks(Math.Min(0, all.Min(point => point.Y)), Math.Max(least, Limit(all.Select(point => point.Y))));
        Add($"""<text class="title" x="{Left}" y="16">{WebUtility.HtmlEncode(title)}</text>""");
        Axes(horizontal);
        Legend(lines.Select(line => line.Name).ToArray());
        foreach ((double x, string what) in marks.Where(mark => mark.X <= _lastX))
            Mark(x, what);
        for (int i = 0; i < lines.Count; i++)
            Line(lines[i].Points, i);
    }

    public override string ToString() => _svg.ToString();

    // A few spikes, as early losses have, are cut off rather than pressing all else flat.
    private static double Limit(IEnumerable<double> values)
    {
        double[] sorted = values.Order().ToArray();
        double high = sorted[(int)(0.98 * (sorted.Length - 1))];
        return sorted[^1] <= 2 * high ? sorted[^1] : 1.25 * high;
    }

    private void Axes(string horizontal)
    {
        foreach (double tick in _vertical.Values)
        {
            Add($"""<line class="rule" x1="{Left}" x2="{Width - Right}" y1="{Y(tick):0.#}" y2="{Y(tick):0.#}"/>""");
            Add($"""<text text-anchor="end" x="{Left - 6}" y="{Y(tick) + 4:0.#}">{Ticks.Text(tick)}</text>""");
        }
        foreach (double tick in new Ticks(0, _lastX).Values.Where(value => value <= _lastX))
            Add($"""<text text-anchor="middle" x="{X(tick):0.#}" y="{Height - Bottom + 16}">{Ticks.Text(tick)}</text>""");
        Add($"""<text text-anchor="end" x="{Width - Right}" y="{Height - 6}">{WebUtility.HtmlEncode(horizontal)}</text>""");
    }

    private void Legend(string[] names)
    {
        const double LetterWidth = 6.4;
        double left = Left;
        for (int i = 0; i < names.Length && names.Length > 1; i++)
        {
            Add($"""<line class="line line{i}" x1="{left:0.#}" x2="{left + 15:0.#}" y1="31" y2="31"/>""");
            Add($"""<text x="{left + 20:0.#}" y="35">{WebUtility.HtmlEncode(names[i])}</text>""");
            left += 36 + names[i].Length * LetterWidth;
        }
    }

    private void Mark(double x, string what) => _svg
        .Append(Invariant($"""<g class="mark"><title>{WebUtility.HtmlEncode(what)}</title>"""))
        .Append(Invariant($"""<line x1="{X(x):0.#}" x2="{X(x):0.#}" y1="{Top}" y2="{Height - Bottom}"/>"""))
        .Append(Invariant($"""<path d="M{X(x):0.#} {Top}l5 -8h-10z"/></g>"""));

    private void Line(IReadOnlyList<(double X, double Y)> points, int number)
    {
        (double X, double Y)[] means = points.Chunk((points.Count + MostPoints - 1) / MostPoints)
            .Select(part => (part[^1].X, part.Average(point => point.Y))).ToArray();
        string path = string.Join(' ', means.Select(point => Invariant($"{X(point.X):0.#},{Y(point.Y):0.#}")));
        Add($"""<polyline class="line line{number}" points="{path}"/>""");
        if (means.Length <= 40)
        {
            foreach ((double x, double y) in means)
                Add($"""<circle class="dot dot{number}" cx="{X(x):0.#}" cy="{Y(y):0.#}" r="2.5"/>""");
        }
    }

    private double X(double value) => Left + (Width - Left - Right) * (_lastX > 0 ? value / _lastX : 1);

    private double Y(double value) =>
        Height - Bottom - (Height - Top - Bottom) * (Math.Min(value, _vertical.High) - _vertical.Low) / (_vertical.High - _vertical.Low);

    private void Add(FormattableString text) => _svg.Append(Invariant(text));
}

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
    }

    /// <summary>At most the lowest number.</summary>
    public double Low => Values[0];

    /// <summary>At least the highest number.</summary>
    public double High => Values[^1];

    public IReadOnlyList<double> Values { get; }

    public static string Text(double value) => Math.Abs(value) switch
    {
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + "k",
        > 0 and < 1e-3 => value.ToString("0.#E0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.######", CultureInfo.InvariantCulture),
    };
}
