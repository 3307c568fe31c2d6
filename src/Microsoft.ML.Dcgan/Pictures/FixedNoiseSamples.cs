using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>What a generator makes of the same noise, time after time (as figure 2 of Radford, Metz and Chintala 2015).</summary>
internal sealed class FixedNoiseSamples : IDisposable
{
    private const int AtOnce = 64;
    private readonly Action<TrainingSamples> _show;
    private readonly Tensor _noise;

    /// <summary>As many as a training's options ask for, shown to whom they name. The same seed gives the same noise, also in a run that
    /// goes on.</summary>
    public FixedNoiseSamples(NetworkShape shape, DcganEstimator.Options options, Device device)
    {
        using var scope = NewDisposeScope();
        using var random = new SeededRandom(options.Seed!.Value);
        _show = options.Samples!;
        Tensor noise = shape.DrawNoise(options.SampleCount, random.At(RandomPurpose.Samples));
        Tensor? turns = shape.Classes > 0 ? Sequence(options.SampleCount).remainder(Number(shape.Classes)) : null;
        _noise = shape.WithLabels(noise, turns).to(device).DetachFromDisposeScope();
    }

    /// <summary>A <see cref="GeneratorSampling"/>.</summary>
    public void Sample(GanNetworks networks, long images, long step, int epoch)
    {
        using var scope = NewDisposeScope();
        using var generator = new FoldedGenerator(networks);
        var pictures = new List<GeneratedImage>();
        foreach (Tensor part in _noise.split(AtOnce))
        {
            byte[] bgra = Pixels.ToBgra(NetworkColumns.Generate(generator, part));
            pictures.AddRange(GeneratedImage.Split(bgra, networks.Shape.Width, networks.Shape.Height));
        }
        _show(new TrainingSamples(pictures, networks.Shape.Classes) { Images = images, Step = step, Epoch = epoch });
    }

    public void Dispose() => _noise.Dispose();
}
