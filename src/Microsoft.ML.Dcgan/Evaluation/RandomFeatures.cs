using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>
/// The features of a discriminator with random weights. Naeem et al. 2020, section 4, find such features fit for images
/// that are unlike those that other networks were trained on.
/// </summary>
internal sealed class RandomFeatures : IDisposable
{
    public const string ColumnName = "Random features";

    // A covariance of so many takes a few thousand samples, and a tenth of a second to take the root of.
    private const int MostFeatures = 512;
    private const int MostFeatureMaps = 16;
    private const int BatchSize = 64;

    // Running means and variances move a tenth of the way with each, so that nothing is left of what they start from.
    private const int CalibrationBatches = 200;

    private readonly TrainedDiscriminator _discriminator;

    /// <param name="images">The training images.</param>
    /// <param name="chosen">Those to set batch normalisation by.</param>
    /// <param name="random">Draws the weights.</param>
    /// <param name="device">Where to compute.</param>
    public RandomFeatures(TrainingImages images, long[] chosen, torch.Generator random, Device device)
    {
        (int channels, int height, int width) = images.Shape;
        var shape = new NetworkShape(height, width, channels, NoiseSize: 1, GeneratorFeatureMaps: 1, DiscriminatorFeatureMaps: MostFeatureMaps, KernelSize: 4);
        while (shape.Features > MostFeatures && shape.DiscriminatorFeatureMaps > 1)
            shape = shape with { DiscriminatorFeatureMaps = shape.DiscriminatorFeatureMaps / 2 };

        _discriminator = new TrainedDiscriminator(shape, device, ScalarType.Float32);
        WeightInitialization.Apply(_discriminator.Network, random);
        Calibrate(images, chosen, device);
    }

    /// <summary>A view's images' features, as column <see cref="ColumnName"/>.</summary>
    public IDataView Of(IDataView images, string imageColumnName) =>
        new ComputedView(new FeaturesColumn(_discriminator, ColumnName, imageColumnName, BatchSize), images);

    public void Dispose() => _discriminator.Dispose();

    // Without real images' means and variances, each layer's features would be smaller than those of the layer before.
    private void Calibrate(TrainingImages images, long[] chosen, Device device)
    {
        using var _ = no_grad();
        _discriminator.Network.train();
        int size = Math.Min(BatchSize, chosen.Length);
        for (int i = 0; i < CalibrationBatches; i++)
        {
            using var scope = NewDisposeScope();
            long[] batch = Enumerable.Range(i * size, size).Select(at => chosen[at % chosen.Length]).ToArray();
            _discriminator.Network.call(ImageBytes.Scaled(images.Gather(tensor(batch)), device));
        }
        _discriminator.Network.eval();
    }
}
