using System.Diagnostics;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>How well, and how fast, the noise of pictures is found by a saved model of Fashion-MNIST; and pictures of its latent space.</summary>
internal static class LatentSpace
{
    private const int StoredSide = 28;
    private const int Shown = 12;
    private const int Padding = 2;

    public static double? Run(BenchmarkOptions options)
    {
        if (!File.Exists(options.Model))
            throw new FormatException($"there is no model '{options.Model}': make it with samples/Demo and its --fashion-mnist, or name one with --model");
        Directory.CreateDirectory(options.Output);
        var ml = new MLContext();
        using var gan = (DcganTransformer)ml.Model.Load(options.Model, out _);
        Report.Line($"{options.Model}: {gan.ImageWidth}x{gan.ImageHeight}x{gan.Channels}, noise {gan.NoiseSize}");

        List<MLImage> generated = [.. gan.Generate(options.Inverted, seed: 1).Select(image => image.ToMLImage())],
            real = HeldOut(ml, gan, options.Inverted);
        Measure(gan, "its own pictures", generated, null, new LatentProjectionOptions { PriorWeight = 0 }, options.Output);
        Measure(gan, "its own pictures", generated, null, new LatentProjectionOptions { PriorWeight = 0, Steps = 1000 }, options.Output);
        Measure(gan, "test pictures", real, "latent-inversion.png", new LatentProjectionOptions(), options.Output);
        Measure(gan, "test pictures", real, null, new LatentProjectionOptions { PriorWeight = 0 }, options.Output);
        Draw(gan, options.Output);
        return null;
    }

    private static void Measure(DcganTransformer gan, string what, IReadOnlyList<MLImage> pictures, string? file,
        LatentProjectionOptions search, string folder)
    {
        var clock = Stopwatch.StartNew();
        var ml = new MLContext();
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        new ImageTypeAttribute(gan.ImageHeight, gan.ImageWidth).Register();
        schema[nameof(Row.Image)].ColumnType = new ImageDataViewType(gan.ImageHeight, gan.ImageWidth);
        IDataView view = gan.FindNoise(ml.Data.LoadFromEnumerable(pictures.Select(image => new Row { Image = image }).ToList(), schema),
            options: search);
        Found[] found = ml.Data.CreateEnumerable<Found>(view, reuseRowObject: false).ToArray();
        double seconds = clock.Elapsed.TotalSeconds / pictures.Count;
        double[] ratios = found.Select(noise => -10 * Math.Log10(noise.Error)).Order().ToArray();
        double[] lengths = found.Select(noise => Math.Sqrt(noise.Noise.Average(number => (double)number * number))).Order().ToArray();
        Report.Line($"{pictures.Count} {what}, prior weight {search.PriorWeight}: PSNR median {ratios[ratios.Length / 2]:0.0} dB, a tenth below {ratios[ratios.Length / 10]:0.0}, lowest {ratios[0]:0.0}; root mean square of the noise {lengths[lengths.Length / 2]:0.00}; {seconds:0.00} s a picture ({search.Steps} steps, {search.Restarts} restarts)");

        if (file == null)
            return;
        IReadOnlyList<GeneratedImage> made = gan.Generate(found.Take(Shown).Select(noise => noise.Noise).ToArray());
        new ImageGrid(pictures.Take(Shown).Concat(made.Select(image => image.ToMLImage())), columns: Shown, Padding)
            .Save(Path.Combine(folder, file));
    }

    private static void Draw(DcganTransformer gan, string folder)
    {
        IReadOnlyList<float[]> stops = gan.DrawNoise(4, seed: 5);
        Save("latent-interpolation.png", Enumerable.Range(0, 3)
            .SelectMany(i => LatentPaths.Interpolate([stops[i], stops[i + 1]], Shown, distribution: gan.NoiseDistribution)));
        Save("latent-walk.png", LatentPaths.Walk(gan.NoiseSize, 4 * Shown, seed: 3, gan.NoiseDistribution));
        IReadOnlyList<float[]> drawn = gan.DrawNoise(Shown, seed: 5);
        Save("latent-truncation.png", [.. drawn, .. LatentVectors.Truncate(drawn, 1), .. LatentVectors.Shrink(drawn, 0.5f)]);

        void Save(string name, IEnumerable<float[]> vectors) =>
            new ImageGrid(gan.Generate(vectors.ToArray()), columns: Shown, Padding).Save(Path.Combine(folder, name));
    }

    // Enlarged as the demo enlarges its training pictures.
    private static List<MLImage> HeldOut(MLContext ml, DcganTransformer gan, int count)
    {
        using Tensor bordered = FashionMnist.Pictures(FashionMnist.Test, count);
        const int border = (FashionMnist.Side - StoredSide) / 2;
        using Tensor stored = bordered.narrow(2, border, StoredSide).narrow(3, border, StoredSide).contiguous();
        IDataView rows = ml.Data.LoadFromEnumerable(stored.bytes.ToArray().Chunk(StoredSide * StoredSide)
            .Select(grey => new Row { Image = Grey(grey) }).ToList());
        IDataView resized = ml.Transforms.ResizeImages("Image", gan.ImageWidth, gan.ImageHeight).Fit(rows).Transform(rows);
        using DataViewRowCursor cursor = resized.GetRowCursor(resized.Schema);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(resized.Schema["Image"]);
        var images = new List<MLImage>();
        while (cursor.MoveNext())
        {
            MLImage image = null!;
            getter(ref image);
            images.Add(MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels));
        }
        return images;
    }

    private static MLImage Grey(byte[] grey) =>
        MLImage.CreateFromPixels(StoredSide, StoredSide, MLPixelFormat.Bgra32,
            grey.SelectMany(level => new byte[] { level, level, level, 255 }).ToArray());

    private sealed class Row
    {
        [ImageType(StoredSide, StoredSide)]
        public MLImage? Image { get; set; }
    }

    private sealed class Found
    {
        public float[] Noise { get; set; } = [];

        public float Error { get; set; }
    }
}
