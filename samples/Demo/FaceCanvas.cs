using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>
/// Bold shapes on a small square picture, the same pixels on every machine. Shapes are polygons whose corners lie on whole pixels of
/// a canvas four times as large, which Skia fills without antialiasing, and so in whole numbers; edges become smooth as the canvas
/// is averaged down.
/// </summary>
internal sealed class FaceCanvas : IDisposable
{
    /// <summary>The picture's width and height.</summary>
    public const int Size = 64;

    private const int Scale = 4;
    private const int LargeSize = Size * Scale;

    // Of 64 corners none but the outermost has an angle with a rational sine, so that no rounding is a matter of the last bit.
    private const int Corners = 64;

    private readonly SKBitmap _bitmap = new(new SKImageInfo(LargeSize, LargeSize, SKColorType.Rgba8888, SKAlphaType.Opaque));
    private readonly SKCanvas _canvas;
    private readonly SKPaint _paint = new() { IsAntialias = false, Style = SKPaintStyle.Fill };

    public FaceCanvas() => _canvas = new SKCanvas(_bitmap);

    public void Clear(SKColor color) => _canvas.Clear(color);

    public void Ellipse(int x, int y, int width, int height, SKColor color) => Fill(color, Outline(x, y, width, height, 2));

    /// <summary>An ellipse that is nearer to its bounding box the larger its power is: 2 is an ellipse (Lamé's curves).</summary>
    public void Oval(int x, int y, int width, int height, double power, SKColor color) => Fill(color, Outline(x, y, width, height, power));

    public void Box(int x, int y, int width, int height, SKColor color) => Oval(x, y, width, height, 8, color);

    public void UpperHalf(int x, int y, int width, int height, SKColor color) =>
        Fill(color, Array.ConvertAll(Outline(x, y, width, height, 2), corner => new SKPointI(corner.X, Math.Min(corner.Y, y))));

    public void LowerHalf(int x, int y, int width, int height, SKColor color) =>
        Fill(color, Array.ConvertAll(Outline(x, y, width, height, 2), corner => new SKPointI(corner.X, Math.Max(corner.Y, y))));

    public void Ring(int x, int y, int width, int height, int thickness, double power, SKColor color) =>
        Fill(color, Outline(x, y, width, height, power), Outline(x, y, width - thickness, height - thickness, power));

    public void Polygon(SKColor color, params int[] coordinates) =>
        Fill(color, coordinates.Chunk(2).Select(pair => new SKPointI(pair[0], pair[1])).ToArray());

    /// <summary>What is on the canvas, as a picture.</summary>
    public MLImage ToImage()
    {
        ReadOnlySpan<byte> large = _bitmap.GetPixelSpan();
        var pixels = new byte[Size * Size * 4];
        for (int i = 0; i < pixels.Length; i++)
        {
            int channel = i % 4, x = i / 4 % Size * Scale, y = i / 4 / Size * Scale, sum = Scale * Scale / 2;
            for (int row = y; row < y + Scale; row++)
            {
                for (int column = x; column < x + Scale; column++)
                    sum += large[(row * LargeSize + column) * 4 + channel];
            }
            pixels[i] = (byte)(sum / (Scale * Scale));
        }
        return MLImage.CreateFromPixels(Size, Size, MLPixelFormat.Rgba32, pixels);
    }

    public void Dispose()
    {
        _paint.Dispose();
        _canvas.Dispose();
        _bitmap.Dispose();
    }

    private void Fill(SKColor color, params SKPointI[][] outlines)
    {
        using var path = new SKPath { FillType = SKPathFillType.EvenOdd };
        foreach (SKPointI[] outline in outlines)
            path.AddPoly(Array.ConvertAll(outline, corner =>
                new SKPoint(Math.Clamp(corner.X, 0, LargeSize), Math.Clamp(corner.Y, 0, LargeSize))));
        _paint.Color = color;
        _canvas.DrawPath(path, _paint);
    }

    // Width and height are halves, from the centre.
    private static SKPointI[] Outline(int x, int y, int width, int height, double power) => Enumerable.Range(0, Corners).Select(i =>
    {
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * i / Corners);
        return new SKPointI(x + Along(cosine, width), y + Along(sine, height));

        int Along(double part, int half) => (int)Math.Round(half * Math.Sign(part) * Math.Pow(Math.Abs(part), 2 / power));
    }).ToArray();
}
