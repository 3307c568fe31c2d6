using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>
/// What a few hundred training pictures give, with one or another option: the distance to pictures that were held out, and
/// how many of the generated ones are training pictures over again.
/// </summary>
internal static class SmallSet
{
    private static readonly string[] _augmented = ["Augmentation=All,Mirror=true"];

    public static double? Run(BenchmarkOptions options)
    {
        using PictureSet set = PictureSet.Open(options);
        int count = set.Passes(options.Images, options.Pictures).Pictures;
        if (count >= set.Samples)
            throw new FormatException($"--pictures takes fewer than {set.Samples} here, so that others are left to compare with");
        using Tensor training = set.Training.narrow(0, 0, count), heldOut = set.HeldOut.narrow(0, 0, count), others = set.Training.narrow(0, count, set.Samples - count);
        var memorized = new Memorization(training, heldOut);
        byte[] real = others.contiguous().bytes.ToArray();

        OptionQuality.Table(options, set, options.Settings.Count > 0 ? options.Settings : _augmented, options.Pictures,
        [
            new("memorised", memorized.Share, memorized.Share(real)),
            new("nearer to training", memorized.NearerToTraining, memorized.NearerToTraining(real)),
        ]);
        Report.Line($"memorised: the share of samples whose nearest training picture is less than a third as far as the second nearest, in pixels");
        Report.Line($"nearer to training: the share that is nearer to one of the {count} training pictures than to any of {count} held-out ones; 0.5 if nothing was memorised");
        return null;
    }
}
