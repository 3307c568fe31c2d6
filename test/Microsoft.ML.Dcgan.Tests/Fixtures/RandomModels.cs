using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>Models of any networks, with random weights and statistics, large enough for a mix-up to show.</summary>
internal static class RandomModels
{
    public static DcganTransformer Make(NetworkShape shape)
    {
        var networks = new GanNetworks(shape, CPU);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var random = new torch.Generator(3, CPU);
        networks.Initialize(random);
        foreach (nn.Module network in new nn.Module[] { networks.Generator, networks.Discriminator })
        {
            bool isNormalized = network == networks.Generator || shape.DiscriminatorNormalization != DcganNormalization.None;
            foreach ((string name, Tensor tensor) in network.state_dict())
            {
                if (name.EndsWith("running_var"))
                    tensor.copy_(rand(tensor.shape, generator: random) + 0.5);
                else if (tensor.dtype == ScalarType.Int64)
                    tensor.fill_(7);
                else if (tensor.dim() == 0)
                    tensor.fill_(0.7); // a minibatch's deviation
                else if (tensor.dim() == 1 && !name.Contains("weight_"))
                    tensor.add_(randn(tensor.shape, generator: random) * 0.3);
                else if (tensor.dim() == 4)
                    tensor.mul_(isNormalized ? 8 : 1);
            }
        }
        networks.Generator.eval();
        networks.Discriminator.eval();
        return new DcganTransformer(networks, new ModelDescription
        {
            Kind = DcganModelKind.Generator,
            Network = shape,
            OutputColumnName = "Generated",
            InputColumnName = "Noise",
            BatchSize = 64,
            Labels = shape.Classes == 0 ? null : new LabelDescription("Label", DataKind.String, Classes(shape)),
            Options = new DcganEstimator.Options { Epochs = 1, BatchSize = 1, LearningRate = 1, Seed = 1 },
            Summary = new TrainingSummary
            {
                Images = 0,
                Epochs = 0,
                BatchSize = 0,
                Steps = 0,
                PlannedSteps = 0,
                Seed = 0,
                Device = "cpu",
                Precision = DcganPrecision.Float32,
                Duration = TimeSpan.Zero,
                Cancelled = false,
                History = [],
            },
        });
    }

    public static string[] Classes(NetworkShape shape) => Enumerable.Range(1, shape.Classes).Select(index => $"class {index}").ToArray();

    public static float[] Noise(int count, int size) =>
        Enumerable.Range(0, count * size).Select(index => (float)Math.Sin(index * 1.7 + index * index * 0.31) * 1.4f).ToArray();

    /// <summary>What the generator itself makes, [count, channels, height, width].</summary>
    public static float[] Pixels(DcganTransformer gan, float[] noise, long[]? labels = null)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor vectors = tensor(noise, new long[] { noise.Length / gan.NoiseSize, gan.NoiseSize });
        Tensor input = gan.Networks.Shape.WithLabels(vectors, labels == null ? null : tensor(labels));
        return gan.Networks.Generator.call(input).contiguous().data<float>().ToArray();
    }

    public static float[] Logits(DcganTransformer gan, float[] pixels)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return gan.Networks.Discriminator.call(
            tensor(pixels, new long[] { -1, gan.Channels, gan.ImageHeight, gan.ImageWidth }.Select(size => size < 0
            ? pixels.Length / (gan.Channels * gan.ImageHeight * gan.ImageWidth) : size).ToArray())).data<float>().ToArray();
    }

    public static double Difference(float[] expected, float[] actual)
    {
        Microsoft.VisualStudio.TestTools.UnitTesting.Assert.HasCount(expected.Length, actual);
        return expected.Zip(actual).Max(pair => Math.Abs((double)pair.First - pair.Second));
    }
}
