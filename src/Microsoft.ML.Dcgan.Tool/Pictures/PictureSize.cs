using System.Globalization;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Tool.Pictures;

internal static class PictureSize
{
    /// <param name="text">A side, or width x height.</param>
    /// <exception cref="UsageException">It is neither.</exception>
    public static (int Width, int Height) Parse(string text)
    {
        string[] sides = text.ToLowerInvariant().Split('x');
        int[] numbers = [.. sides.Select(side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return numbers.Length <= 2 && numbers.All(number => number is >= NetworkShape.SmallestSide and <= NetworkShape.LargestSide)
            ? (numbers[0], numbers[^1])
            : throw new UsageException($"--size takes a number of pixels from {NetworkShape.SmallestSide} to {NetworkShape.LargestSide}, or WIDTHxHEIGHT, not '{text}'");
    }
}
