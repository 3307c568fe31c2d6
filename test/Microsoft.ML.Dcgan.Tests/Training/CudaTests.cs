using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

/// <summary>What needs a GPU: test/gpu/run.sh runs these where there is one.</summary>
[TestClass]
[TestCategory("Cuda")]
public sealed class CudaTests
{
    private static readonly NetworkShape _shape = new(33, 32, 3, 16, 8, 8, 4);
    private readonly MLContext _ml = new(seed: 1);

    [TestInitialize]
    public void NeedsAGpu() => Needs.Cuda();

    [TestMethod]
    public void Fits_saves_and_loads_again()
    {
        DcganEstimator.Options options = Pictures.SmallOptions(epochs: 3);
        options.Device = DcganDevice.Cuda;
        using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 10, 16, 12, 3));
        Assert.AreEqual("cuda:0", gan.Summary.Device);
        Assert.IsTrue(gan.Summary.History.All(report => double.IsFinite(report.DiscriminatorLoss)
            && double.IsFinite(report.GeneratorLoss)));

        using var stream = new MemoryStream();
        _ml.Model.Save(gan, gan.SampleNoise(1).Schema, stream);
        stream.Position = 0;
        using var again = (DcganTransformer)new MLContext().Model.Load(stream, out _);

        CollectionAssert.AreEqual(Pixels(gan), Pixels(again));
    }

    [TestMethod]
    public void Generates_what_the_processor_generates()
    {
        using var random = new torch.Generator(1, CPU);
        using var networks = new GanNetworks(_shape, CPU);
        using var onGpu = new GanNetworks(_shape, new Device(DeviceType.CUDA, 0));
        networks.Initialize(random);
        onGpu.CopyFrom(networks);
        networks.Generator.eval();
        onGpu.Generator.eval();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor noise = randn([8, 16], generator: random);

        Tensor expected = networks.Generator.call(noise), actual = onGpu.Generator.call(noise.cuda()).cpu();

        Assert.IsLessThan(0.005f, (expected - actual).abs().max().item<float>(), "a level of 256 is 0.008");
    }

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.BFloat16)]
    public void A_step_goes_where_the_processors_goes(ScalarType precision)
    {
        using var scope = NewDisposeScope();
        (StepStatistics expected, Tensor[] expectedGradients) = Step(CPU, ScalarType.Float32);
        (StepStatistics actual, Tensor[] actualGradients) = Step(new Device(DeviceType.CUDA, 0), precision);

        Assert.AreEqual(expected.DiscriminatorLoss, actual.DiscriminatorLoss, 0.02);
        Assert.AreEqual(expected.GeneratorLoss, actual.GeneratorLoss, 0.02);
        foreach ((Tensor one, Tensor other) in expectedGradients.Zip(actualGradients))
            Assert.IsGreaterThan(0.98f, ((one * other).sum() / (one.norm() * other.norm())).item<float>(), "gradients point the same way");
    }

    [TestMethod]
    public void Bfloat16_is_chosen_by_compute_capability()
    {
        var device = new Device(DeviceType.CUDA, 0);
        Assert.AreEqual(PrecisionChoice.IsBFloat16Faster(device) ? ScalarType.BFloat16 : ScalarType.Float32,
            PrecisionChoice.Choose(DcganPrecision.Auto, device));
        Assert.IsTrue(PrecisionChoice.RunsBFloat16(device) || !PrecisionChoice.HasBFloat16(device));
    }

    private static byte[] Pixels(DcganTransformer gan) => gan.Generate(4, seed: 1).SelectMany(image => image.Pixels.ToArray()).ToArray();

    private static (StepStatistics, Tensor[]) Step(Device device, ScalarType precision)
    {
        using var random = new torch.Generator(3, CPU);
        using var networks = new GanNetworks(_shape, device, precision);
        networks.Initialize(random);
        using var step = new TrainingStep(networks, LoopOptions.Create(8));
        Tensor images = ChannelsLast.Of((rand([8, 3, 33, 32], generator: random) * 2 - 1).to(device));
        StepStatistics measures = StepStatistics.Mean(
            step.Run(images, randn([8, 16], generator: random).to(device), new StepContext(0, 1, random)));
        return (measures, networks.Generator.parameters().Select(weight => weight.grad!.cpu().clone()).ToArray());
    }
}
