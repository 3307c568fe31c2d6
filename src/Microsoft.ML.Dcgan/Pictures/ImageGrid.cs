using Microsoft.ML.Dcgan.Pictures;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan;

/// <summary>Pictures of one size, side by side in one. It saves as PNG, and a notebook whose last line is a grid shows it.</summary>
public sealed partial class ImageGrid
{
    private const int MostCaptionLetters = 40;

    // Between a picture and its caption, and around a title.
    private const int CaptionGap = 2;

    /// <summary>Lays generated pictures out row by row.</summary>
    /// <param name="images">The pictures, all of one size.</param>
    /// <param name="columns">Pictures in a row. By default as many as make the grid as square as it can be.</param>
    /// <param name="padding">Pixels of white between pictures and around them.</param>
    /// <param name="captions">A line under each picture, as many as there are pictures. Default null: none. Columns become as wide as the
    /// widest caption, of which at most 40 letters are shown. Western European letters lose their accents, others are boxes.</param>
    /// <exception cref="ArgumentException">There are no pictures, they differ in size, or there are more or fewer captions.</exception>
    public ImageGrid(IEnumerable<GeneratedImage> images, int? columns = null, int padding = 2, IEnumerable<string>? captions = null)
        : this((images ?? throw new ArgumentNullException(nameof(images))).Select(PixelCanvas.From), columns, padding, captions)
    {
    }

    /// <summary>Lays other pictures out, such as the first of a training set: <c>view.GetColumn&lt;MLImage&gt;("Image").Take(64)</c>. The
    /// grid keeps their pixels: they may be disposed afterwards.</summary>
    /// <inheritdoc cref="ImageGrid(IEnumerable{GeneratedImage}, int?, int, IEnumerable{string})"/>
    public ImageGrid(IEnumerable<MLImage> images, int? columns = null, int padding = 2, IEnumerable<string>? captions = null)
        : this((images ?? throw new ArgumentNullException(nameof(images))).Select(PixelCanvas.From), columns, padding, captions)
    {
    }

    private ImageGrid(IEnumerable<PixelCanvas> images, int? columns, int padding, IEnumerable<string>? captions)
    {
        if (columns < 1)
            throw new ArgumentOutOfRangeException(nameof(columns), columns, "A grid has at least one column.");
        ArgumentOutOfRangeException.ThrowIfNegative(padding);

        // One after the other: a view's column gives each only until the next.
        PixelCanvas[] all = images.ToArray();
        if (all.Length == 0)
            throw new ArgumentException("There are no images to lay out.", nameof(images));
        string[]? lines = captions?.Select(Shortened).ToArray();
        if (lines != null && lines.Length != all.Length)
        {
            throw new ArgumentException($"There are {lines.Length} captions for {all.Length} images. " +
                "Give a caption for each, an empty one for none.", nameof(captions));
        }

        (int width, int height) = (all[0].Width, all[0].Height);
        int cellWidth = Math.Max(width, lines?.Max(BitmapFont.Width) ?? 0);
        int cellHeight = height + (lines == null ? 0 : CaptionGap + BitmapFont.Height);
        Columns = columns ?? (int)Math.Ceiling(Math.Sqrt(all.Length));
        Rows = (all.Length + Columns - 1) / Columns;
        Canvas = new PixelCanvas(padding + Columns * (cellWidth + padding), padding + Rows * (cellHeight + padding));

        PixelCanvas.RequireOneSize(all, "A grid holds", nameof(images));
        for (int i = 0; i < all.Length; i++)
        {
            int left = padding + i % Columns * (cellWidth + padding), top = padding + i / Columns * (cellHeight + padding);
            Canvas.Draw(all[i], left + (cellWidth - width) / 2, top);
            if (lines != null)
                BitmapFont.Draw(Canvas, lines[i], left + (cellWidth - BitmapFont.Width(lines[i])) / 2, top + height + CaptionGap);
        }
    }

    private ImageGrid(PixelCanvas canvas, int rows, int columns) => (Canvas, Rows, Columns) = (canvas, rows, columns);

    /// <summary>Pictures in a row.</summary>
    public int Columns { get; }

    /// <summary>Rows of pictures.</summary>
    public int Rows { get; }

    /// <summary>Width of the whole grid in pixels.</summary>
    public int Width => Canvas.Width;

    /// <summary>Height of the whole grid in pixels.</summary>
    public int Height => Canvas.Height;

    internal PixelCanvas Canvas { get; }

    /// <summary>Real pictures and generated ones, or any two grids, side by side with a title each.</summary>
    /// <param name="left">The left grid.</param>
    /// <param name="right">The right grid, of the same size or another.</param>
    /// <param name="leftTitle">What is written above the left one.</param>
    /// <param name="rightTitle">What is written above the right one.</param>
    public static ImageGrid SideBySide(ImageGrid left, ImageGrid right, string leftTitle = "Real", string rightTitle = "Generated")
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(leftTitle);
        ArgumentNullException.ThrowIfNull(rightTitle);
        (string Title, ImageGrid Grid)[] grids = [(Shortened(leftTitle), left), (Shortened(rightTitle), right)];
        int[] widths = Array.ConvertAll(grids, part => Math.Max(part.Grid.Width, BitmapFont.Width(part.Title) + 2 * CaptionGap));
        int gap = BitmapFont.Height, heading = BitmapFont.Height + 2 * CaptionGap;
        var canvas = new PixelCanvas(widths[0] + gap + widths[1], heading + grids.Max(part => part.Grid.Height));
        for (int i = 0, edge = 0; i < grids.Length; edge += widths[i++] + gap)
        {
            BitmapFont.Draw(canvas, grids[i].Title, edge + (widths[i] - BitmapFont.Width(grids[i].Title)) / 2, CaptionGap);
            canvas.Draw(grids[i].Grid.Canvas, edge + (widths[i] - grids[i].Grid.Width) / 2, heading);
        }
        return new ImageGrid(canvas, grids.Max(part => part.Grid.Rows), grids.Sum(part => part.Grid.Columns));
    }

    /// <summary>The grid as a PNG file's bytes: the same pictures give the same bytes.</summary>
    public byte[] ToPng() => PngEncoder.Encode([Canvas]);

    /// <summary>Writes the grid as a PNG file. An older file of that name stays whole until the new one is complete.</summary>
    public void Save(string path) => AtomicFile.Write(path, ToPng());

    /// <inheritdoc />
    public override string ToString() => $"{Rows} x {Columns} images, {Width}x{Height} pixels";

    private static string Shortened(string caption)
    {
        ArgumentNullException.ThrowIfNull(caption);
        return caption.Length <= MostCaptionLetters ? caption : caption[..(MostCaptionLetters - 2)] + "..";
    }
}
