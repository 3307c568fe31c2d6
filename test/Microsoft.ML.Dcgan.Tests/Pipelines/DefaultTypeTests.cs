using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Pipelines;

/// <summary>A program may have set torch's default type for networks of its own.</summary>
[TestClass]
public sealed class DefaultTypeTests
{
    [TestMethod]
    [DataRow(DcganNormalization.Batch, DcganLoss.Relativistic, DcganNoise.Normal)]
    [DataRow(DcganNormalization.Spectral, DcganLoss.NonSaturating, DcganNoise.Uniform)]
    public void It_changes_no_bit(DcganNormalization normalization, DcganLoss loss, DcganNoise noise)
    {
        byte[] usual = All();
        set_default_dtype(float64);
        try
        {
            CollectionAssert.AreEqual(usual, All());
        }
        finally
        {
            set_default_dtype(float32);
        }

        // Trained, evaluated, saved, reloaded, searched and read for features.
        byte[] All()
        {
            var ml = new MLContext(seed: 1);
            IDataView view = Pictures.View(ml, 8, 16, 12, 3);
            using DcganTransformer gan = ml.Transforms.Dcgan(Pictures.SmallOptions(epochs: 2) with
            {
                DiscriminatorNormalization = normalization,
                Loss = loss,
                NoiseDistribution = noise,
                LabelNoise = loss == DcganLoss.NonSaturating ? 0.1 : 0,
                Augmentation = DcganAugmentation.All,
                InstanceNoise = 0.1,
                GeneratorDropout = 0.1,
                GradientPenalty = loss == DcganLoss.NonSaturating ? 1 : 0,
                R1Penalty = 1,
                MinibatchDeviation = normalization == DcganNormalization.Batch,
                EvaluationInterval = 8,
            }).Fit(view);
            using var stream = new MemoryStream();
            ml.Model.Save(gan, gan.SampleNoise(1).Schema, stream);
            using var reloaded = (DcganTransformer)ml.Model.Load(stream, out _);
            IDataView found = reloaded.FindNoise(view, "Pixels", options: new LatentProjectionOptions { Steps = 2 });
            using DcganFeaturizer featurizer = gan.Featurizer("Features", "Pixels");
            return
            [
                .. reloaded.Generate(3).SelectMany(picture => picture.Pixels.ToArray()),
                .. featurizer.Transform(view).GetColumn<float[]>("Features").SelectMany(row => row).SelectMany(BitConverter.GetBytes),
                .. found.GetColumn<float>("Error").SelectMany(BitConverter.GetBytes),
                .. BitConverter.GetBytes(gan.Summary.FrechetDistance ?? 0),
            ];
        }
    }
}
