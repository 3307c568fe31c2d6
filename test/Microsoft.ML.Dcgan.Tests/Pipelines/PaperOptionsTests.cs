using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Tests.Pipelines;

/// <summary>Radford, Metz and Chintala 2015: section 3 (layers), section 4 (training), figure 1 (sizes), whatever the defaults are.</summary>
[TestClass]
public sealed class PaperOptionsTests
{
    private static readonly DcganEstimator.Options _paper = DcganEstimator.Options.Paper();

    [TestMethod]
    public void They_train_as_section_4_says()
    {
        Assert.AreEqual((128, 0.0002, 0.5, 0.999), (_paper.BatchSize, _paper.LearningRate, _paper.Beta1, _paper.Beta2));
        Assert.AreEqual((DcganLoss.NonSaturating, DcganSchedule.Constant, 1),
            (_paper.Loss, _paper.LearningRateSchedule, _paper.DiscriminatorSteps));
        Assert.IsNull(_paper.DiscriminatorLearningRate);
    }

    [TestMethod]
    public void Their_networks_are_those_of_section_3_and_figure_1()
    {
        Assert.AreEqual((100, DcganNoise.Uniform), (_paper.NoiseSize, _paper.NoiseDistribution));
        Assert.AreEqual((DcganNormalization.Batch, DcganUpsampling.TransposedConvolution, 5),
            (_paper.DiscriminatorNormalization, _paper.Upsampling, _paper.KernelSize));

        // Figure 1: 100 numbers, 1024 maps of 4x4, 512 of 8x8, 256 of 16x16, 128 of 32x32, and 3 of 64x64.
        var shape = new NetworkShape(
            64, 64, 3, _paper.NoiseSize, _paper.GeneratorFeatureMaps, _paper.DiscriminatorFeatureMaps, _paper.KernelSize);
        CollectionAssert.AreEqual(new[] { (1024, 4), (512, 8), (256, 16), (128, 32), (3, 64) },
            Layers.Generator(shape).Select(layer => (layer.Output.Maps, layer.Output.Height)).Distinct().ToArray());
    }

    [TestMethod]
    public void Nothing_that_came_later_is_on()
    {
        Assert.AreEqual((0.0, 0.0, 0.0, 0.0, 0L),
            (_paper.R1Penalty, _paper.R2Penalty, _paper.GradientPenalty, _paper.WeightDecay, _paper.AverageHalfLife));
        Assert.AreEqual((1.0, 0.0, 0.0, 0.0, 0.0),
            (_paper.RealLabel, _paper.LabelNoise, _paper.InstanceNoise, _paper.GeneratorDropout, _paper.DiscriminatorDropout));
        Assert.AreEqual((DcganAugmentation.None, false), (_paper.Augmentation, _paper.Mirror));
        Assert.IsFalse(_paper.MinibatchDeviation);
    }
}
