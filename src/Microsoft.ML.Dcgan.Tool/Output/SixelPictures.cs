using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console.Rendering;

namespace Microsoft.ML.Dcgan.Tool.Output;

/// <summary>The size in pixels of a character of a terminal that draws pictures sent as sixels.</summary>
internal sealed record SixelCells(int Width, int Height)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks the terminal of this process; null where it draws none, or does not say.</summary>
    public static SixelCells? Ask()
    {
        // The answer comes as if it were typed, and what runs in a shell's background is stopped if it reads that.
        bool isForeground = OperatingSystem.IsWindows() || TerminalsGroup(0) == OwnGroup();
        if (Console.IsInputRedirected || Console.IsErrorRedirected || !isForeground || Console.KeyAvailable)
            return null;
        Console.Error.Write("\e[16t\e[c");
        string answer = "";
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < _patience && !answer.EndsWith('c'); Thread.Sleep(1))
        {
            while (Console.KeyAvailable)
                answer += Console.ReadKey(intercept: true).KeyChar;
        }
        return Of(answer);
    }

    /// <summary>Of an answer: height and width, and then the terminal's attributes, of which 4 are sixels.</summary>
    public static SixelCells? Of(string answer) =>
        Regex.Match(answer, @"\e\[6;([1-9]\d{0,3});([1-9]\d{0,3})t\e\[\?(\d+;)*4(;\d+)*c") is { Success: true } match
            ? new(int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            : null;

    [DllImport("libc", EntryPoint = "tcgetpgrp")]
    private static extern int TerminalsGroup(int descriptor);

    [DllImport("libc", EntryPoint = "getpgrp")]
    private static extern int OwnGroup();
}

/// <summary>Pictures side by side on a terminal, as sixels: bands of six rows, one colour after the other.</summary>
internal sealed class SixelPictures(IReadOnlyList<GeneratedImage> pictures, int rows, SixelCells cells) : IRenderable
{
    private const int Band = 6, UsualHeight = 128, Gap = 4, Levels = 6, Colors = Levels * Levels * Levels;

    // Ordered dithering (Bayer 1973), in sixteenths.
    private static readonly int[] _thresholds = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];

    // One row is for what the last band has below the pictures.
    private readonly int _scale = Math.Min((rows - 1) * cells.Height, UsualHeight) / pictures[0].Height;

    /// <summary>Whether there are rows enough.</summary>
    public bool Fits => _scale > 0;

    public Measurement Measure(RenderOptions options, int maxWidth) => new(1, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        int width = pictures[0].Width * _scale + Gap, height = pictures[0].Height * _scale;
        int lines = Math.Max(2, (height + Band - 1) / cells.Height + 1);
        int count = Math.Clamp((maxWidth * cells.Width + Gap) / width, 1, pictures.Count);
        // Room comes first, as blanks erase them; then up, the pictures, and back to where the terminal was. It shows what is between
        // 2026h and 2026l at once, if it can.
        yield return Segment.Control("\e[?2026h");
        for (int i = 1; i < lines; i++)
            yield return Segment.LineBreak;
        yield return new Segment(new string(' ', maxWidth));
        yield return Segment.Control($"\e7\r\e[{lines - 1}A{Sixels(count * width - Gap, height)}\e8\e[?2026l");
        yield return Segment.LineBreak;
    }

    private string Sixels(int width, int height)
    {
        var text = new StringBuilder(FormattableString.Invariant($"\eP0;1q\"1;1;{width};{height}"));
        for (int i = 0; i < Colors; i++)
            text.Append(CultureInfo.InvariantCulture, $"#{i};2;{Percent(i / Levels / Levels)};{Percent(i / Levels)};{Percent(i)}");
        for (int top = 0; top < height; top += Band)
        {
            var columns = new char[Colors][];
            for (int at = top * width; at < Math.Min(top + Band, height) * width; at++)
            {
                if (Color(at % width, at / width) is int color)
                    (columns[color] ??= new string('?', width).ToCharArray())[at % width] += (char)(1 << (at / width - top));
            }
            foreach ((char[] bits, int color) in columns.Select((bits, color) => (bits, color)).Where(one => one.bits != null))
                text.Append('#').Append(color).Append(Regex.Replace(new(bits), @"(.)\1{3,}", run => $"!{run.Length}{run.Value[0]}")).Append('$');
            text.Append('-');
        }
        return text.Append("\e\\").ToString();

        static int Percent(int level) => level % Levels * 100 / (Levels - 1);
    }

    // Of a cube of colours; none between pictures.
    private int? Color(int x, int y)
    {
        GeneratedImage picture = pictures[x / (pictures[0].Width * _scale + Gap)];
        int column = x % (picture.Width * _scale + Gap) / _scale, threshold = _thresholds[y % 4 * 4 + x % 4];
        if (column >= picture.Width)
            return null;
        ReadOnlySpan<byte> bgra = picture.Pixels.Slice((y / _scale * picture.Width + column) * 4, 4);
        return (Level(bgra[2]) * Levels + Level(bgra[1])) * Levels + Level(bgra[0]);

        int Level(byte value) => (value * (Levels - 1) * 16 + threshold * byte.MaxValue + byte.MaxValue / 2) / (16 * byte.MaxValue);
    }
}
