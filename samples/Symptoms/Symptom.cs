using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Samples.Symptoms;

/// <summary>A training that goes wrong.</summary>
/// <param name="Name">What its picture is called.</param>
/// <param name="Images">How many it trains on, in one epoch or more.</param>
/// <param name="Set">Sets the wrong options.</param>
/// <param name="Pictures">How many different ones there are.</param>
/// <param name="Mistake">What is done wrongly to the pixels of each picture.</param>
internal sealed record Symptom(string Name, int Images, Action<DcganEstimator.Options>? Set = null, int Pictures = 5_000,
    Func<float[], float[]>? Mistake = null)
{
    private const int FeatureMaps = 16;
    private const int BatchSize = 64;

    /// <summary>Trains, and prints what it says of its health.</summary>
    public DcganTransformer Train(IReadOnlyList<Picture> pictures, int seed)
    {
        var ml = new MLContext(seed);
        List<Picture> data = pictures.Select(picture => new Picture { Pixels = Mistake?.Invoke(picture.Pixels) ?? picture.Pixels })
            .ToList();
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Picture));
        schema[nameof(Picture.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, data[0].Pixels.Length);

        // The paper's training, as most have it, goes wrong sooner than the defaults.
        DcganEstimator.Options options = DcganEstimator.Options.Paper() with
        {
            LearningRate = 0.001,
            KernelSize = 4,
            NoiseDistribution = DcganNoise.Normal,
            OutputColumnName = "Generated",
            ImageColumnName = nameof(Picture.Pixels),
            GeneratorFeatureMaps = FeatureMaps,
            DiscriminatorFeatureMaps = FeatureMaps,
            BatchSize = Math.Min(BatchSize, data.Count),
            Epochs = Images / data.Count,
            Progress = report =>
            {
                if (report.Diversity is double diversity)
                    Console.WriteLine(FormattableString.Invariant(
                        $"  {report.Step}: loss D {report.DiscriminatorLoss:0.000} G {report.GeneratorLoss:0.000}, D(x) {report.RealScore:0.00}, D(G(z)) {report.GeneratedScoreBefore:0.00}, diversity {diversity:0.00}"));
            },
        };
        Set?.Invoke(options);
        DcganTransformer gan = ml.Transforms.Dcgan(options).Fit(ml.Data.LoadFromEnumerable(data, schema));
        foreach (TrainingEvent found in gan.Summary.Events)
            Console.WriteLine($"  {found.Images} images: {found.Alarm}: {found.Message}");
        return gan;
    }
}
