using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>Training images of noise, read through a view as a user's are: what they show does not change how fast they train.</summary>
internal static class SyntheticSet
{
    private const int Distinct = 16;

    public static Dataset Read(BenchmarkOptions options, int count, string? cacheFolder)
    {
        var format = new ImageFormat(options.Size, options.Size, options.Channels);
        IDataView view = VectorRows.View(new MLContext(), Rows(count, format.Size), format.Channels, format.Height, format.Width);

        Dataset images = Dataset.Create(ImageReader.Count(view), (format.Channels, format.Height, format.Width), options.Device, cacheFolder);
        ImageReader.Read(view, view.Schema[VectorRows.Column], format, images, CancellationToken.None);
        return images;
    }

    private static IEnumerable<float[]> Rows(int count, int size)
    {
        var random = new Random(1);
        float[][] rows = Enumerable.Range(0, Distinct).Select(_ => Enumerable.Range(0, size).Select(_ => random.NextSingle() * 2 - 1).ToArray()).ToArray();
        return Enumerable.Range(0, count).Select(i => rows[i % Distinct]);
    }
}
