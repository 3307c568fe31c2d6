using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// What a few hundred training pictures give, with one or another option: the distance to pictures that were held out, and
/// how many of the generated ones are training pictures over again.
/// </summary>
internal static class SmallSet
{
    private static readonly string[] _compared = [Configuration.DefaultsName, "", "Augmentation=All,Mirror=true"];

    public static double? Run(BenchmarkOptions options)
    {
        using PictureSet set = PictureSet.Open(options);
        int count = set.Passes(options.Images, options.Pictures).Pictures;
        if (count >= set.Samples)
            throw new FormatException($"--pictures takes fewer than {set.Samples} here, so that others are left to compare with");
        using Tensor training = set.Training.narrow(0, 0, count), heldOut = set.HeldOut.narrow(0, 0, count),
            others = set.Training.narrow(0, count, set.Samples - count);
        var memorized = new Memorization(training, heldOut);
        byte[] real = others.contiguous().bytes.ToArray();

        OptionQuality.Table(options, set, options.Settings.Count > 0 ? options.Settings : _compared, options.Pictures,
        [
            new("memorised", memorized.Share, memorized.Share(real)),
            new("nearer to training", memorized.NearerToTraining, memorized.NearerToTraining(real)),
        ]);
        Report.Line($"memorised: the share of samples whose nearest training picture is less than a third as far as the second nearest, in pixels");
        Report.Line($"nearer to training: the share that is nearer to one of the {count} training pictures than to any of {count} held-out ones; 0.5 if nothing was memorised");
        return null;
    }
}

/// <summary>How many pictures are training pictures over again, by distances in pixels.</summary>
/// <param name="training">Training pictures as bytes [n, channels, height, width].</param>
/// <param name="heldOut">As many others.</param>
internal sealed class Memorization(Tensor training, Tensor heldOut)
{
    // Of the distance to the nearest training picture to the distance to the second nearest (Yoon et al. 2023).
    private const double Threshold = 1 / 3.0;

    /// <summary>The share that is far nearer to one training picture than to any other one.</summary>
    public double Share(byte[] samples) => Nearest(training, samples, 2).Average(found => found[0] < Threshold * found[1] ? 1 : 0);

    /// <summary>The share that is nearer to a training picture than to any held-out one: half of them if nothing was memorised.</summary>
    public double NearerToTraining(byte[] samples) =>
        Nearest(training, samples, 1).Zip(Nearest(heldOut, samples, 1), (trained, other) => trained[0] < other[0] ? 1 : 0).Average();

    private IEnumerable<double[]> Nearest(Tensor pictures, byte[] samples, int count)
    {
        long[] shape = training.shape;
        using Tensor generated = tensor(samples, [samples.Length / (shape[1] * shape[2] * shape[3]), shape[1], shape[2], shape[3]]);
        return new MLContext(seed: 1).ImageGeneration()
            .FindNearest(JudgedModel.View(pictures), JudgedModel.View(generated), JudgedModel.Pixels, JudgedModel.Pixels, count: count)
            .Select(found => found.Neighbors.Select(neighbor => neighbor.Distance).ToArray()).ToArray();
    }
}
