using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>Models that are to be judged, trained through the public API on Fashion-MNIST.</summary>
internal static class JudgedModel
{
    public const string Pixels = VectorRows.Column;
    public const int ProgressInterval = 200;
    private static readonly MLContext _ml = new();
    private static readonly int[] _bgra = [2, 1, 0];

    /// <summary>Trains, or loads what the same options trained before.</summary>
    public static DcganTransformer Trained(BenchmarkOptions options, int seed)
    {
        string file = Path.Combine(options.Output, $"dcgan-{options.Pictures}x{options.Epochs}-{options.Maps}-{options.Batch}-{seed}.zip");
        if (File.Exists(file))
            return (DcganTransformer)_ml.Model.Load(file, out _);

        using Tensor pictures = FashionMnist.Pictures(FashionMnist.Training, options.Pictures);
        DcganTransformer gan = Train(Options(options, seed), View(pictures));
        Directory.CreateDirectory(options.Output);
        _ml.Model.Save(gan, null, file + ".partial");
        File.Move(file + ".partial", file);
        return gan;
    }

    public static DcganTransformer Train(DcganEstimator.Options training, IDataView pictures)
    {
        DcganTransformer gan = _ml.Transforms.Dcgan(training).Fit(pictures);
        Report.Line($"seed {training.Seed}: trained {gan.Summary.Steps} steps in {gan.Summary.Precision}, in {gan.Summary.Duration:mm\\:ss}");
        return gan;
    }

    /// <exception cref="FormatException">The options are out of their ranges, or do not go together.</exception>
    public static void Check(DcganEstimator.Options training)
    {
        try
        {
            _ml.Transforms.Dcgan(training);
        }
        catch (ArgumentOutOfRangeException wrong)
        {
            throw new FormatException(wrong.Message);
        }
    }

    /// <summary>
    /// The same initial weights, never changed: training at a learning rate too small for any float to move, until batch
    /// normalisation knows the data.
    /// </summary>
    public static DcganTransformer Untrained(BenchmarkOptions options, int seed)
    {
        using var stop = new CancellationTokenSource();
        DcganEstimator.Options still = Options(options, seed);
        still.LearningRate = 1e-30;
        still.ProgressInterval = 100;
        still.Progress = _ => stop.Cancel();
        still.CancellationToken = stop.Token;
        using Tensor pictures = FashionMnist.Pictures(FashionMnist.Training, options.Pictures);
        return _ml.Transforms.Dcgan(still).Fit(View(pictures));
    }

    /// <summary>Generated pictures as bytes, planes first, one picture after the other.</summary>
    public static byte[] Samples(DcganTransformer gan, int count, int seed, int channels = 1) =>
        Planes(gan.Generate(count, seed), channels);

    /// <summary>The same of pictures.</summary>
    public static byte[] Planes(IEnumerable<GeneratedImage> pictures, int channels) =>
        [.. pictures.SelectMany(image => Planes(image.Pixels.ToArray(), _bgra[..channels]))];

    /// <summary>Of one picture in colour, which it disposes.</summary>
    public static byte[] Planes(MLImage picture)
    {
        using (picture)
            return Planes(picture.Pixels.ToArray(), picture.PixelFormat == MLPixelFormat.Rgba32 ? [0, 1, 2] : _bgra);
    }

    // Of pixels of four bytes, the red, green and blue ones of which are in these places.
    private static byte[] Planes(byte[] pixels, int[] places) =>
        [.. places.SelectMany(place => pixels.Where((_, i) => i % 4 == place))];

    /// <summary>A view of bytes [n, channels, height, width], as pixels in [-1, 1].</summary>
    public static IDataView View(Tensor pictures) => VectorRows.View(_ml, Rows(pictures), Dimensions(pictures));

    /// <summary>The same, with classes from 0 as column <see cref="ClassifiedRow.Label"/>.</summary>
    public static IDataView View(Tensor pictures, byte[] classes) => VectorRows.View(_ml, Rows(pictures), classes, Dimensions(pictures));

    private static int[] Dimensions(Tensor pictures) => pictures.shape.Skip(1).Select(side => (int)side).ToArray();

    private static IEnumerable<float[]> Rows(Tensor pictures)
    {
        int size = Dimensions(pictures).Aggregate((product, side) => product * side);
        byte[] bytes = pictures.contiguous().bytes.ToArray();
        return Enumerable.Range(0, bytes.Length / size)
            .Select(i => Array.ConvertAll(bytes[(i * size)..((i + 1) * size)], value => value / 127.5f - 1));
    }

    public static DcganEstimator.Options Options(BenchmarkOptions options, int seed) => new()
    {
        OutputColumnName = "Generated",
        ImageColumnName = Pixels,
        Epochs = options.Epochs,
        BatchSize = options.Batch,
        GeneratorFeatureMaps = options.Maps,
        DiscriminatorFeatureMaps = options.Maps,
        Precision = options.Precision,
        Seed = seed,
        ProgressInterval = ProgressInterval,
    };
}
