using System.Diagnostics;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Tests.Build;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class PrecisionTests
{
    private static readonly NetworkShape _shape = new(17, 16, 3, 6, 8, 8, 4);

    [TestMethod]
    public void Convolutions_round_to_eight_bits_and_weights_do_not()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        using var convolution = new DownConvolution(4, 6, _shape.ResamplingAt(1)) { Precision = ScalarType.BFloat16 };
        using (no_grad())
            convolution.Weight.copy_(randn(convolution.Weight.shape, generator: random));
        Tensor input = randn([2, 4, 9, 8], generator: random);

        Tensor output = convolution.call(input), actual = output.to(ScalarType.Float32);
        Tensor expected = nn.functional.conv2d(Rounded(input), Rounded(convolution.Weight), strides: [2, 2],
            padding: _shape.ResamplingAt(1).Padding);
        actual.sum().backward();

        Assert.AreEqual(ScalarType.BFloat16, output.dtype);
        Assert.AreEqual(ScalarType.Float32, convolution.Weight.dtype);
        Assert.AreEqual(ScalarType.Float32, convolution.Weight.grad!.dtype);
        Assert.IsLessThan(0.005, ((actual - expected).abs().max() / expected.abs().max()).item<float>());
        Assert.IsGreaterThan(0, (actual - nn.functional.conv2d(input, convolution.Weight, strides: [2, 2],
            padding: _shape.ResamplingAt(1).Padding)).abs().max().item<float>());
    }

    [TestMethod]
    public void A_step_in_bfloat16_goes_where_one_in_float32_goes()
    {
        if (IsRefusedHere())
            return;
        using var scope = NewDisposeScope();
        (StepStatistics single, Tensor[] singleGradients) = Step(ScalarType.Float32);
        (StepStatistics reduced, Tensor[] reducedGradients) = Step(ScalarType.BFloat16);

        Assert.AreEqual(single.DiscriminatorLoss, reduced.DiscriminatorLoss, 0.02);
        Assert.AreEqual(single.GeneratorLoss, reduced.GeneratorLoss, 0.02);
        foreach ((Tensor expected, Tensor actual) in singleGradients.Zip(reducedGradients))
        {
            double cosine = ((expected * actual).sum() / (expected.norm() * actual.norm())).item<float>();
            Assert.IsGreaterThan(0.98, cosine, "gradients point the same way");
        }
    }

    [TestMethod]
    public void A_model_of_bfloat16_loads_anywhere_and_says_what_it_is()
    {
        if (IsRefusedHere())
            return;
        var ml = new MLContext(seed: 1);
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.Precision = DcganPrecision.BFloat16;
        using DcganTransformer gan = ml.Transforms.Dcgan(options).Fit(Pictures.View(ml, 8, 8, 8, 1));
        Assert.AreEqual(DcganPrecision.BFloat16, gan.Summary.Precision);

        string file = System.IO.Path.GetTempFileName();
        try
        {
            ml.Model.Save(gan, gan.SampleNoise(1).Schema, file);
            using var again = (DcganTransformer)new MLContext().Model.Load(file, out _);
            Assert.AreEqual(DcganPrecision.BFloat16, again.Summary.Precision);
            byte[] expected = gan.Generate(4).SelectMany(image => image.Pixels.ToArray()).ToArray();
            byte[] actual = again.Generate(4).SelectMany(image => image.Pixels.ToArray()).ToArray();
            if (PrecisionChoice.HasBFloat16(CPU))
                CollectionAssert.AreEqual(expected, actual, "a loaded model draws what the trained one did");
            else
                Assert.IsLessThanOrEqualTo(8, expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second)));
        }
        finally
        {
            System.IO.File.Delete(file);
        }
    }

    [TestMethod]
    public void What_the_processor_has_decides()
    {
        bool has = PrecisionChoice.HasBFloat16(CPU), isFaster = PrecisionChoice.IsBFloat16Faster(CPU);
        if (OperatingSystem.IsLinux())
        {
            string[] flags = System.IO.File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("flags", StringComparison.Ordinal))
                .Split(' ');
            Assert.AreEqual(flags.Contains("avx512_bf16") || flags.Contains("amx_bf16"), has, "what the kernel says of the processor");
            bool isAmd = System.IO.File.ReadLines("/proc/cpuinfo").Any(line => line.Contains("AuthenticAMD", StringComparison.Ordinal));
            Assert.AreEqual(flags.Contains("amx_bf16") || (flags.Contains("avx512_bf16") && isAmd), isFaster);
        }
        Assert.AreEqual(ScalarType.Float32, PrecisionChoice.Choose(DcganPrecision.Float32, CPU));
        Assert.AreEqual(isFaster ? ScalarType.BFloat16 : ScalarType.Float32, PrecisionChoice.Choose(DcganPrecision.Auto, CPU));
    }

    [TestMethod]
    public void A_model_computes_in_what_it_was_trained_in()
    {
        var warnings = new System.Collections.Generic.List<string>();

        Assert.AreEqual(ScalarType.Float32, PrecisionChoice.OfModel(DcganPrecision.Float32, CPU, warnings.Add));
        Assert.IsEmpty(warnings);
        ScalarType reduced = PrecisionChoice.OfModel(DcganPrecision.BFloat16, CPU, warnings.Add);

        Assert.AreEqual(PrecisionChoice.HasBFloat16(CPU) ? ScalarType.BFloat16 : ScalarType.Float32, reduced);
        Assert.HasCount(PrecisionChoice.HasBFloat16(CPU) ? 0 : 1, warnings);
    }

    // .NET is told that the processor has no AVX-512, as one without bfloat16 would tell it.
    [TestMethod]
    public void Without_the_instructions_a_model_of_bfloat16_warns_and_computes_in_float32()
    {
        if (!PrecisionChoice.HasBFloat16(CPU))
            return; // then the test above has seen it
        using var folder = new ToolFolder();
        var ml = new MLContext(seed: 1);
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.Precision = DcganPrecision.BFloat16;
        using (DcganTransformer gan = ml.Transforms.Dcgan(options).Fit(Pictures.View(ml, 8, 8, 8, 1)))
        {
            Assert.AreEqual(DcganPrecision.BFloat16, gan.Summary.Precision);
            ml.Model.Save(gan, gan.SampleNoise(1).Schema, folder["model.zip"]);
        }

        ProcessStartInfo start = Checkout.Start(Checkout.DotnetPath, AppContext.BaseDirectory,
            "Microsoft.ML.Dcgan.Tool.dll", "generate", folder["model.zip"], "--count", "1", "--out", folder["one.png"]);
        start.Environment["DOTNET_EnableAVX512"] = start.Environment["DOTNET_EnableAVX512F"] = "0";
        (int exitCode, string output) = Checkout.Finish(start);

        Assert.AreEqual(0, exitCode, output);
        StringAssert.Contains(output, "trained in bfloat16");
        StringAssert.Contains(output, "computes in float32 here");
    }

    // As above: to libtorch, which has the instructions all the same, bfloat16 is as fast as ever there.
    [TestMethod]
    public void What_the_processor_is_said_to_have_decides_and_not_what_is_fast()
    {
        if (!PrecisionChoice.IsBFloat16Faster(CPU))
            return;
        using var folder = new ToolFolder();
        ProcessStartInfo start = Checkout.Start(Checkout.DotnetPath, AppContext.BaseDirectory,
            ["Microsoft.ML.Dcgan.Tool.dll", "train", "--images", folder.Pictures(), "--out", folder["out"], "--epochs", "1", .. ToolRun.Small]);
        start.Environment["DOTNET_EnableAVX512"] = start.Environment["DOTNET_EnableAVX512F"] = "0";
        (int exitCode, string output) = Checkout.Finish(start);

        Assert.AreEqual(0, exitCode, output);
        Assert.AreEqual(DcganPrecision.Float32, DcganModelFile.Inspect(folder["out/model.zip"])[0].Summary.Precision);
    }

    // Not every processor and libtorch has it; one that has not says so.
    private static bool IsRefusedHere()
    {
        if (PrecisionChoice.RunsBFloat16(CPU))
            return false;
        InvalidOperationException failure =
            Assert.Throws<InvalidOperationException>(() => PrecisionChoice.Choose(DcganPrecision.BFloat16, CPU));
        StringAssert.Contains(failure.Message, "Precision is BFloat16, but convolutions in bfloat16 do not run on cpu");
        return true;
    }

    private static (StepStatistics, Tensor[]) Step(ScalarType precision)
    {
        using var random = new torch.Generator(3, CPU);
        using var networks = new GanNetworks(_shape, CPU, precision);
        networks.Initialize(random);
        using var step = new TrainingStep(networks, LoopOptions.Create(8));
        Tensor images = ChannelsLast.Of(rand([8, 3, 17, 16], generator: random) * 2 - 1);
        StepStatistics measures = StepStatistics.Mean(step.Run(images, randn([8, 6], generator: random), new StepContext(0, 1, random)));
        return (measures, networks.Generator.parameters().Select(weight => weight.grad!.clone()).ToArray());
    }

    private static Tensor Rounded(Tensor tensor) => tensor.detach().to(ScalarType.BFloat16).to(ScalarType.Float32);
}
