using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>From images, bytes [n, height, width, channels], to the numbers that they are compared by.</summary>
/// <param name="size">Numbers an image.</param>
/// <param name="compute">The features [n, size] of a batch, in Single.</param>
/// <param name="owned">What is disposed with it.</param>
internal sealed class FeatureExtractor(int size, Func<Tensor, Tensor> compute, IDisposable? owned = null) : IDisposable
{
    /// <summary>Images whose features are added at a time.</summary>
    public const int BlockSize = 1024;

    private const int BatchSize = FeatureColumn.Batch;

    // A covariance of so many takes a few thousand samples, and a tenth of a second to take the root of.
    private const int MostRandomFeatures = 512;
    private const int MostFeatureMaps = 16;

    // Running means and variances move a tenth of the way with each, so that nothing is left of what they start from.
    private const int CalibrationBatches = 200;

    public int Size => size;

    /// <summary>An image's pixels, from -1 to 1, planes first as vectors of pixels have them.</summary>
    public static FeatureExtractor OfPixels(int size, Device device) =>
        new(size, images => ImageBytes.Normalize(images, device).flatten(1));

    /// <summary>The features of a discriminator with random weights. Naeem et al. 2020, section 4, find such features fit for images that
    /// are unlike those that other networks were trained on. The chosen ones of the real images set batch normalisation.</summary>
    public static FeatureExtractor OfRandomWeights(Dataset images, long[] chosen, torch.Generator random, Device device)
    {
        (int channels, int height, int width) = images.Shape;
        var shape = new NetworkShape(height, width, channels, NoiseSize: 1, GeneratorFeatureMaps: 1,
            DiscriminatorFeatureMaps: MostFeatureMaps, KernelSize: 4);
        while (shape.Features > MostRandomFeatures && shape.DiscriminatorFeatureMaps > 1)
            shape = shape with { DiscriminatorFeatureMaps = shape.DiscriminatorFeatureMaps / 2 };

        return Ownership.HandOver(Discriminator.InEvaluation(shape, device, ScalarType.Float32), discriminator =>
        {
            WeightInitialization.Apply(discriminator, random);
            Calibrate(discriminator, images, chosen);
            return new FeatureExtractor(shape.Features,
                batch => discriminator.Features(ImageBytes.Normalize(batch, device)), discriminator);
        });
    }

    /// <summary>The features of any number of images.</summary>
    public Tensor Extract(Tensor images)
    {
        using var scope = new NoGradScope();
        return cat(images.split(BatchSize).Select(compute).ToArray()).MoveToOuterDisposeScope();
    }

    /// <summary>The features of images from a number on, so many of them, that are made, or read, a batch at a time, likewise. What takes
    /// the blocks of features does not keep them. Progress is the number of images, after each batch.</summary>
    public void Read(int first, int count, Func<int, int, Tensor> images, Action<Tensor> add, CancellationToken cancellation,
        Action<long>? progress = null)
    {
        for (int done = 0; done < count;)
        {
            using var scope = NewDisposeScope();
            var block = new List<Tensor>();
            for (int end = Math.Min(done + BlockSize, count); done < end; progress?.Invoke(done))
            {
                cancellation.ThrowIfCancellationRequested();
                using var batchScope = NewDisposeScope();
                int batch = Math.Min(BatchSize, end - done);
                block.Add(Extract(images(first + done, batch)).MoveToOuterDisposeScope());
                done += batch;
            }
            add(cat(block));
        }
    }

    public void Dispose() => owned?.Dispose();

    // Without real images' means and variances, each layer's features would be smaller than those of the layer before.
    private static void Calibrate(Discriminator discriminator, Dataset images, long[] chosen)
    {
        using var _ = no_grad();
        discriminator.train();
        int size = Math.Min(BatchSize, chosen.Length);
        for (int i = 0; i < CalibrationBatches; i++)
        {
            using var scope = NewDisposeScope();
            long[] batch = Enumerable.Range(i * size, size).Select(at => chosen[at % chosen.Length]).ToArray();
            discriminator.call(ImageBytes.Normalize(images.Gather(tensor(batch)), discriminator.Device));
        }
        discriminator.eval();
    }
}
