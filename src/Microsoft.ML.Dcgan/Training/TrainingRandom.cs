using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// The random numbers of a training, as a function of its seed, of what they are for, and of when: whoever continues from
/// a step draws what an uninterrupted training draws there. All are drawn on the CPU, so that a seed means the same on
/// every device.
/// </summary>
internal sealed class TrainingRandom(int seed) : IDisposable
{
    private readonly torch.Generator _generator = new(0, CPU);

    /// <summary>The one generator, seeded anew: what was drawn from it before has no influence.</summary>
    public torch.Generator At(RandomPurpose purpose, long index = 0) =>
        _generator.manual_seed((long)SplitMix64.Mix(SplitMix64.Mix((uint)seed + SplitMix64.GoldenRatio * (ulong)purpose) + SplitMix64.GoldenRatio * (ulong)index));

    public void Dispose() => _generator.Dispose();
}

/// <summary>What random numbers are for.</summary>
internal enum RandomPurpose
{
    /// <summary>The first weights.</summary>
    Weights = 1,

    /// <summary>The order of the images in an epoch.</summary>
    Order = 2,

    /// <summary>The noise, and all else that a step draws.</summary>
    Step = 3,

    /// <summary>What the training's health is judged by.</summary>
    Health = 4,

    /// <summary>The noise of the samples that are looked at on the way.</summary>
    Samples = 5,
}
