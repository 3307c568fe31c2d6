using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

/// <summary>Small pictures to test with, and how to look at them.</summary>
internal static class ImagePictures
{
    public static MLImage Opaque(int width, int height, Func<int, int, (int Red, int Green, int Blue)> color, MLPixelFormat format = MLPixelFormat.Bgra32)
        => Create(width, height, (x, y) => (color(x, y).Red, color(x, y).Green, color(x, y).Blue, 255), format);

    public static MLImage Create(int width, int height, Func<int, int, (int Red, int Green, int Blue, int Alpha)> color, MLPixelFormat format = MLPixelFormat.Bgra32)
    {
        var pixels = new List<byte>();
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int red, int green, int blue, int alpha) = color(x, y);
                int[] bytes = format == MLPixelFormat.Bgra32 ? [blue, green, red, alpha] : [red, green, blue, alpha];
                pixels.AddRange(bytes.Select(value => (byte)value));
            }
        }
        return MLImage.CreateFromPixels(width, height, format, pixels.ToArray());
    }

    /// <summary>A picture whose every pixel is of another colour, and whose halves differ.</summary>
    public static MLImage Gradient(int width, int height, MLPixelFormat format = MLPixelFormat.Bgra32)
        => Opaque(width, height, (x, y) => (x * 255 / width, y * 255 / height, (x + 2 * y) % 256), format);

    public static (int Red, int Green, int Blue, int Alpha) At(this MLImage image, int x, int y)
    {
        ReadOnlySpan<byte> pixel = image.Pixels.Slice((y * image.Width + x) * 4, 4);
        return image.PixelFormat == MLPixelFormat.Bgra32 ? (pixel[2], pixel[1], pixel[0], pixel[3]) : (pixel[0], pixel[1], pixel[2], pixel[3]);
    }

    public static (int Red, int Green, int Blue) ColorAt(this MLImage image, int x, int y)
    {
        var (red, green, blue, _) = image.At(x, y);
        return (red, green, blue);
    }

    public static void AssertClose(MLImage expected, MLImage actual, int tolerance)
    {
        Assert.AreEqual((expected.Width, expected.Height), (actual.Width, actual.Height));
        for (int y = 0; y < expected.Height; y++)
        {
            for (int x = 0; x < expected.Width; x++)
                AssertClose(expected.ColorAt(x, y), actual.ColorAt(x, y), tolerance, $"at ({x}, {y})");
        }
    }

    public static void AssertClose((int Red, int Green, int Blue) expected, (int Red, int Green, int Blue) actual, int tolerance, string where = "")
    {
        int difference = new[] { expected.Red - actual.Red, expected.Green - actual.Green, expected.Blue - actual.Blue }.Max(Math.Abs);
        Assert.IsLessThanOrEqualTo(tolerance, difference, $"{actual} instead of {expected} {where}");
    }

    /// <summary>Looks at a column's value in every row, while it is valid.</summary>
    public static TResult[] Read<T, TResult>(IDataView data, string column, Func<T, TResult> look)
    {
        DataViewSchema.Column source = data.Schema[column];
        using DataViewRowCursor cursor = data.GetRowCursor([source]);
        ValueGetter<T> getter = cursor.GetGetter<T>(source);
        T value = default!;
        var seen = new List<TResult>();
        while (cursor.MoveNext())
        {
            getter(ref value);
            seen.Add(look(value));
        }
        return seen.ToArray();
    }

    public static float[][] Vectors(IDataView data, string column) => Read(data, column, (VBuffer<float> value) => value.DenseValues().ToArray());
}
