using Microsoft.ML.Dcgan.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// How much a generator's images differ from one another: the mean squared difference of the pixels of two images, over that
/// of two training images. The same noise and the same training images each time.
/// </summary>
internal sealed class ImageDiversity : IDisposable
{
    private const long RealImages = 256;
    private const long GeneratedImages = 64;

    private readonly Tensor _noise;

    /// <param name="images">The training set.</param>
    /// <param name="shape">What the generator takes.</param>
    /// <param name="random">Chooses training images, and the noise.</param>
    /// <param name="device">Where to generate.</param>
    public ImageDiversity(TrainingImages images, NetworkShape shape, TorchSharp.torch.Generator random, Device device)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor noise = TrainingNoise.Draw(shape, GeneratedImages, random);
        Tensor chosen = randperm(images.Count, ScalarType.Int64, generator: random).narrow(0, 0, Math.Min(RealImages, images.Count));
        _noise = ClassLabels.Append(noise, LabelsOf(images, chosen), shape.Classes).to(device).DetachFromDisposeScope();
        OfReal = Spread(ImageBytes.Scaled(images.Gather(chosen), device));
    }

    /// <summary>The mean squared difference of the pixels, from -1 to 1, of two training images; 0 where there is but one.</summary>
    public double OfReal { get; }

    /// <summary>The ratio: 1 where generated images differ as training images do.</summary>
    public double Of(Networks.Generator generator)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        generator.eval();
        Tensor images = generator.call(_noise);
        generator.train();
        return Spread(images) / OfReal;
    }

    public void Dispose() => _noise.Dispose();

    // Of the same classes as the real ones, again from the first where there are too few.
    private static Tensor? LabelsOf(TrainingImages images, Tensor chosen)
    {
        if (images.Labels is not { } labels)
            return null;
        long[] indices = chosen.data<long>().ToArray();
        return tensor(Enumerable.Range(0, (int)GeneratedImages).Select(i => labels[(int)indices[i % indices.Length]]).ToArray());
    }

    // The mean over all pairs is twice the unbiased variance.
    private static double Spread(Tensor images)
    {
        long count = images.shape[0];
        return count < 2 ? 0 : (images - images.mean([0], keepdim: true)).square().mean().item<float>() * 2 * count / (count - 1);
    }
}
