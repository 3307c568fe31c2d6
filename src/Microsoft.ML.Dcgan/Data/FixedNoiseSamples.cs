using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>What a generator makes of the same noise, time after time (as in figure 2 of Radford, Metz and Chintala 2015, over a training).</summary>
internal sealed class FixedNoiseSamples : IGeneratorViewing, IDisposable
{
    private const int AtOnce = 64;
    private readonly Action<TrainingSamples> _show;
    private readonly Tensor _noise;

    /// <param name="shape">What the generator takes.</param>
    /// <param name="settings">How many.</param>
    /// <param name="seed">The training's: the same one gives the same noise, in a run that goes on too.</param>
    /// <param name="device">Where to generate.</param>
    /// <param name="show">Is told of each look.</param>
    public FixedNoiseSamples(NetworkShape shape, SampleSettings settings, int seed, Device device, Action<TrainingSamples> show)
    {
        using var scope = NewDisposeScope();
        using var random = new TrainingRandom(seed);
        _show = show;
        Tensor noise = TrainingNoise.Draw(shape, settings.Count, random.At(RandomPurpose.Samples));
        Tensor? turns = shape.Classes > 0 ? arange(settings.Count, ScalarType.Int64).remainder(shape.Classes) : null;
        _noise = ClassLabels.Append(noise, turns, shape.Classes).to(device).DetachFromDisposeScope();
    }

    public void Look(GanNetworks networks, long images, long step, int epoch)
    {
        NetworkShape shape = networks.Shape;
        int count = (int)_noise.shape[0], size = shape.Height * shape.Width * PictureBytes.BytesPerPixel;
        var pixels = new byte[count * size];
        for (int first = 0; first < count; first += AtOnce)
        {
            using Tensor part = _noise.narrow(0, first, Math.Min(AtOnce, count - first));
            ImageSynthesis.Render(networks, part).CopyTo(pixels, first * size);
        }
        _show(new TrainingSamples(pixels, count, shape) { Images = images, Step = step, Epoch = epoch });
    }

    public void Dispose() => _noise.Dispose();
}
