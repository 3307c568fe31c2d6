using Spectre.Console;
using Spectre.Console.Rendering;

namespace Microsoft.ML.Dcgan.Tool.Output;

/// <summary>Pictures side by side on a terminal, two pixels to a character: the upper half of a block in one colour on the other.</summary>
internal sealed class TerminalPictures(IReadOnlyList<GeneratedImage> pictures, int rows) : IRenderable
{
    private const int PixelsPerRow = 2;
    private const string UpperHalf = "▀";

    public Measurement Measure(RenderOptions options, int maxWidth) => new(Math.Min(Width, maxWidth), maxWidth);

    // As high as there are rows, but no larger than they are.
    private int Height => Math.Min(rows * PixelsPerRow, pictures[0].Height);

    private int Width => Math.Max(1, (int)Math.Round((double)pictures[0].Width * Height / pictures[0].Height));

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        int count = Math.Min(pictures.Count, Math.Max(1, (maxWidth + 1) / (Width + 1)));
        for (int y = 0; y < Height; y += PixelsPerRow)
        {
            for (int i = 0; i < count; i++)
            {
                for (int x = 0; x < Math.Min(Width, maxWidth); x++)
                {
                    Color upper = Pixel(pictures[i], x, y);
                    // The last row of an odd height has nothing below.
                    yield return new Segment(UpperHalf, y + 1 < Height ? new Style(upper, Pixel(pictures[i], x, y + 1)) : new Style(upper));
                }
                if (i + 1 < count)
                    yield return new Segment(" ");
            }
            yield return Segment.LineBreak;
        }
    }

    // The mean of what the pixel stands for.
    private Color Pixel(GeneratedImage picture, int x, int y)
    {
        (int left, int right) = Span(x, Width, picture.Width);
        (int top, int bottom) = Span(y, Height, picture.Height);
        int blue = 0, green = 0, red = 0, count = (right - left) * (bottom - top);
        for (int row = top; row < bottom; row++)
        {
            foreach (int at in Enumerable.Range((row * picture.Width) + left, right - left))
            {
                ReadOnlySpan<byte> bgra = picture.Pixels.Slice(at * 4, 4);
                (blue, green, red) = (blue + bgra[0], green + bgra[1], red + bgra[2]);
            }
        }
        return new Color((byte)(red / count), (byte)(green / count), (byte)(blue / count));
    }

    private static (int First, int End) Span(int index, int of, int size) =>
        (index * size / of, Math.Max((index + 1) * size / of, (index * size / of) + 1));
}
