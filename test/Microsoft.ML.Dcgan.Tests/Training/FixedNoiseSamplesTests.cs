using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Tests.Training.Checkpoints;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class FixedNoiseSamplesTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Looking_changes_no_bit_of_a_training()
    {
        byte[] unseen = Bits(ResumeTests.WithEverything());
        var looks = new List<long>();
        DcganEstimator.Options options = ResumeTests.WithEverything();
        options.SampleInterval = 4;
        options.Samples = samples => looks.Add(samples.Images);

        CollectionAssert.AreEqual(unseen, Bits(options));
        CollectionAssert.AreEqual(Enumerable.Range(0, 16).Select(step => 4L * step).ToArray(), looks);

        byte[] Bits(DcganEstimator.Options chosen)
        {
            using DcganTransformer gan = Fit(chosen);
            return Weights(gan.Networks);
        }
    }

    [TestMethod]
    public void It_looks_first_last_and_whenever_the_interval_is_full()
    {
        var looks = new List<(long, long, int)>();
        DcganEstimator.Options options = Pictures.SmallOptions(epochs: 3);
        options.SampleInterval = 10;
        options.Samples = samples => looks.Add((samples.Images, samples.Step, samples.Epoch));
        Fit(options).Dispose();

        // 8 minibatches of 4, and 10 images an epoch.
        CollectionAssert.AreEqual(new[] { (0L, 0L, 1), (12L, 3L, 2), (20L, 5L, 2), (32L, 8L, 3) }, looks);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(10)]
    public void The_pictures_are_what_the_model_makes_of_noise_of_their_own(int halfLife)
    {
        TrainingSamples? last = null;
        DcganEstimator.Options options = Pictures.SmallOptions(epochs: 3);
        options.AverageHalfLife = halfLife;
        options.SampleInterval = 1_000;
        options.SampleCount = 70;    // more than are made at once
        options.Samples = samples => last = samples;
        using DcganTransformer gan = Fit(options);

        Assert.HasCount(70, last!.Pictures);
        byte[] expected = Made(gan, null);
        byte[] seen = last.Pictures.SelectMany(image => image.Pixels.ToArray().Where((_, i) => i % 4 != 3)).ToArray();
        Assert.AreEqual(expected.Length, seen.Length);

        // Batches of other sizes may round differently.
        Assert.IsTrue(expected.Zip(seen, (a, b) => Math.Abs(a - b)).Max() <= 1);
    }

    [TestMethod]
    public void Classes_take_turns_and_have_a_column_each()
    {
        TrainingSamples? last = null;
        DcganEstimator.Options options = LabelledPictures.Options();
        options.SampleInterval = 1_000;
        options.SampleCount = 10;
        options.Samples = samples => last = samples;
        using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(LabelledPictures.View(_ml, 12));

        int classes = gan.Classes.Count;
        Assert.AreEqual(classes, last!.ToGrid().Columns);
        byte[] expected = Made(gan, Enumerable.Range(0, 10).Select(i => (long)(i % classes)).ToArray());
        byte[] seen = last.Pictures.SelectMany(image => image.Pixels.ToArray().Where((_, i) => i % 4 != 3)).ToArray();
        Assert.IsTrue(expected.Zip(seen, (a, b) => Math.Abs(a - b)).Max() <= 1);
    }

    [TestMethod]
    public void A_training_that_goes_on_shows_what_an_uninterrupted_one_does()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            Dictionary<long, byte[]> whole = [], parts = [];
            Fit(Watched(whole)).Dispose();

            DcganEstimator.Options options = Watched(parts);
            var source = new CancellationTokenSource();
            options.CheckpointFolder = folder.FullName;
            options.Samples += samples =>
            {
                if (samples.Images == 24)
                    source.Cancel();
            };
            options.CancellationToken = source.Token;
            Fit(options).Dispose();
            Assert.AreEqual(24, parts.Keys.Max());
            options = Watched(parts);
            options.CheckpointFolder = folder.FullName;
            options.Resume = true;
            options.SampleInterval = 8;
            Fit(options).Dispose();

            CollectionAssert.AreEqual(whole.Keys, parts.Keys);
            foreach ((long images, byte[] pixels) in whole)
                CollectionAssert.AreEqual(pixels, parts[images], $"after {images} images");
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static DcganEstimator.Options Watched(Dictionary<long, byte[]> seen)
        {
            DcganEstimator.Options options = ResumeTests.WithEverything();
            options.SampleInterval = 8;
            options.Samples = samples => seen[samples.Images] = samples.ToGrid().ToPng();
            return options;
        }
    }

    [TestMethod]
    public void A_callback_that_is_never_called_is_refused()
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.Samples = _ => { };
        ArgumentOutOfRangeException failure = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Dcgan(options));
        StringAssert.Contains(failure.Message,
            "SampleInterval is 0, but it must be above 0 where Samples is to be called, such as 5,000 images.");
    }

    private DcganTransformer Fit(DcganEstimator.Options options) => _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 10, 16, 12, 3));

    private static byte[] Made(DcganTransformer gan, long[]? labels)
    {
        using var scope = NewDisposeScope();
        using var random = new SeededRandom(gan.Summary.Seed);
        NetworkShape shape = gan.Networks.Shape;
        Tensor noise = shape.DrawNoise(labels?.Length ?? 70, random.At(RandomPurpose.Samples));
        Tensor images = gan.Networks.Generator.call(shape.WithLabels(noise, labels == null ? null : tensor(labels)));
        Tensor bytes = (images.detach() * 127.5 + 128).to(ScalarType.Byte).expand(-1, 3, -1, -1);
        return bytes.flip(1).permute(0, 2, 3, 1).contiguous().bytes.ToArray();
    }

    private static byte[] Weights(GanNetworks networks)
    {
        using var scope = NewDisposeScope();
        return networks.Generator.state_dict().Concat(networks.Discriminator.state_dict())
            .SelectMany(entry => entry.Value.detach().contiguous().bytes.ToArray()).ToArray();
    }
}
