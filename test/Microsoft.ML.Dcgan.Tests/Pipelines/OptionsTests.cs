using TorchSharp;

namespace Microsoft.ML.Dcgan.Tests.Pipelines;

[TestClass]
public sealed class OptionsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow("OutputColumnName", "")]
    [DataRow("OutputColumnName", "Noise")]
    [DataRow("NoiseColumnName", " ")]
    [DataRow("ImageColumnName", null)]
    [DataRow("LabelColumnName", " ")]
    [DataRow("LabelColumnName", "Generated")]
    [DataRow("LabelColumnName", "Noise")]
    [DataRow("LabelColumnName", "Pixels")]
    [DataRow("ImageHeight", 7)]
    [DataRow("ImageHeight", 4097)]
    [DataRow("ImageWidth", 0)]
    [DataRow("Channels", 2)]
    [DataRow("Channels", 4)]
    [DataRow("NoiseSize", 0)]
    [DataRow("NoiseSize", 10_001)]
    [DataRow("GeneratorFeatureMaps", 0)]
    [DataRow("DiscriminatorFeatureMaps", -3)]
    [DataRow("KernelSize", 3)]
    [DataRow("NoiseDistribution", (DcganNoise)9)]
    [DataRow("Upsampling", (DcganUpsampling)9)]
    [DataRow("DiscriminatorNormalization", (DcganNormalization)9)]
    [DataRow("GeneratorDropout", 1.0)]
    [DataRow("GeneratorDropout", -0.1)]
    [DataRow("DiscriminatorDropout", double.NaN)]
    [DataRow("EvaluationInterval", -1L)]
    [DataRow("EvaluationSamples", 1)]
    [DataRow("EvaluationPatience", -1)]
    [DataRow("EvaluationPatience", 3)]
    [DataRow("Epochs", -1)]
    [DataRow("BatchSize", 0)]
    [DataRow("LearningRate", 0.0)]
    [DataRow("LearningRate", double.NaN)]
    [DataRow("LearningRate", 1.5)]
    [DataRow("Beta1", 1.0)]
    [DataRow("Beta1", -0.1)]
    [DataRow("Beta2", 1.0)]
    [DataRow("WeightDecay", -0.1)]
    [DataRow("WeightDecay", double.PositiveInfinity)]
    [DataRow("Device", (DcganDevice)9)]
    [DataRow("Precision", (DcganPrecision)9)]
    [DataRow("ProgressInterval", 0)]
    [DataRow("SampleInterval", -1L)]
    [DataRow("SampleCount", 0)]
    [DataRow("SampleCount", 10_001)]
    [DataRow("GenerationBatchSize", 0)]
    public void Nonsense_is_refused_by_name(string option, object? value)
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        typeof(DcganEstimator.Options).GetField(option)!.SetValue(options, value);

        ArgumentOutOfRangeException failure = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Dcgan(options));

        Assert.AreEqual(option, failure.ParamName);
        StringAssert.Contains(failure.Message, option);
        if (value is not (null or string))
            StringAssert.Contains(failure.Message, FormattableString.Invariant($"{option} is {value}, but it must be"));
    }

    [TestMethod]
    public void The_short_overload_refuses_as_well() =>
        Assert.AreEqual("Epochs", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.Dcgan("Generated", epochs: -1)).ParamName);

    [TestMethod]
    public void A_null_is_refused_by_name()
    {
        Assert.AreEqual("options", Assert.Throws<ArgumentNullException>(() =>
            _ml.Transforms.Dcgan((DcganEstimator.Options)null!)).ParamName);
        Assert.AreEqual("input", Assert.Throws<ArgumentNullException>(() => _ml.Transforms.Dcgan("Generated").Fit(null!)).ParamName);
    }

    [TestMethod]
    public void Cuda_where_there_is_none_is_refused()
    {
        if (torch.cuda.is_available())
            return;
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.Device = DcganDevice.Cuda;
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() =>
            _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 4, 8, 8, 1)));
        StringAssert.Contains(failure.Message, "Device is Cuda and GPU 0 was asked for, but TorchSharp finds 0 CUDA devices");

        options.Device = DcganDevice.Auto;
        var strict = new MLContext { GpuDeviceId = 1, FallbackToCpu = false };
        failure = Assert.Throws<InvalidOperationException>(() => strict.Transforms.Dcgan(options).Fit(Pictures.View(strict, 4, 8, 8, 1)));
        StringAssert.Contains(failure.Message, "MLContext.FallbackToCpu is false and GPU 1 was asked for");

        var lenient = new MLContext { GpuDeviceId = 1, FallbackToCpu = true };
        using DcganTransformer gan = lenient.Transforms.Dcgan(options).Fit(Pictures.View(lenient, 4, 8, 8, 1));
        Assert.AreEqual("cpu", gan.Summary.Device);
    }

    [TestMethod]
    public void A_wrong_column_is_refused_before_anything_is_read()
    {
        var estimator = _ml.Transforms.CopyColumns("Copy", "Number").Append(_ml.Transforms.Dcgan("Generated", imageColumnName: "Picture"));
        ArgumentOutOfRangeException failure =
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(Pictures.View(_ml, 4, 8, 8, 1)));
        StringAssert.Contains(failure.Message, "Could not find input column 'Picture'");

        estimator = _ml.Transforms.CopyColumns("Copy", "Number").Append(_ml.Transforms.Dcgan("Generated", imageColumnName: "Copy"));
        failure = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(Pictures.View(_ml, 4, 8, 8, 1)));
        StringAssert.Contains(failure.Message, "Schema mismatch for input column 'Copy': expected an image");
    }
}
