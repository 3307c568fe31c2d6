using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using TorchSharp.Modules;

namespace Microsoft.ML.Dcgan.Latent;

/// <summary>Finds the noise of pictures by gradient descent through the generator (Lipton and Tripathi 2017; Creswell and Bharath 2018),
/// with Adam, from several first vectors for each picture, all in one minibatch. What is found for a picture does not depend on the others:
/// Adam keeps to each number by itself, and all pictures start from the same vectors.</summary>
internal sealed class LatentProjection(GanNetworks networks, LatentProjectionOptions options)
{
    private readonly NetworkShape _shape = networks.Shape;

    private bool IsUniform => _shape.NoiseDistribution == DcganNoise.Uniform;

    /// <param name="pixels">Pictures as bytes [height, width, channels], one after another.</param>
    /// <param name="labels">The class of each, from 0, where there are classes.</param>
    /// <returns>Noise vectors, one after another.</returns>
    public float[] Find(byte[] pixels, long[]? labels)
    {
        using var scope = NewDisposeScope();
        using Networks.Generator generator = Networks.Generator.FrozenCopyOf(networks);
        using var random = new torch.Generator((ulong)(uint)options.Seed, CPU);
        int size = _shape.Channels * _shape.Height * _shape.Width, count = pixels.Length / size;
        Tensor pictures = ImageBytes.Normalize(tensor(pixels, [count, _shape.Height, _shape.Width, _shape.Channels]), networks.Device)
            .reshape(count, 1, size);
        Tensor? classes = labels == null ? null : tensor(labels).repeat_interleave(options.Restarts).to(networks.Device);

        float[][] starts = RowNoise.Draw(options.Restarts, _shape.NoiseSize, options.Seed, _shape.NoiseDistribution);
        using Parameter noise = nn.Parameter(stack(starts.Select(start => tensor(start))).to(networks.Device).repeat(count, 1));
        using Adam adam = optim.Adam([noise], options.LearningRate);
        Tensor best = noise.detach().clone();
        Tensor least = full([count * options.Restarts], Number(double.PositiveInfinity), WeightType, device: networks.Device);
        for (int step = 0; step <= options.Steps; step++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            using var _ = NewDisposeScope();
            Tensor losses = Losses(generator.call(_shape.WithLabels(noise, classes)), pictures, noise);
            Keep(losses.detach(), noise, least, best);
            if (step < options.Steps)
                Move(adam, noise, losses, (double)step / options.Steps, random);
        }
        Tensor winners = least.view(count, -1).argmin(1).Plus(Sequence(count, networks.Device) * Number(options.Restarts));
        return best.index_select(0, winners).cpu().data<float>().ToArray();
    }

    /// <summary>How pictures differ from what is generated of as many noise vectors, both as in <see cref="Find"/>: of each, the mean
    /// squared error of pixels in [0, 1].</summary>
    public static float[] Errors(FoldedGenerator generator, byte[] pixels, float[] noise, long[]? labels)
    {
        using var scope = new NoGradScope();
        long count = noise.Length / generator.Shape.NoiseSize;
        Tensor given = tensor(pixels, [count, pixels.Length / count]).to(ScalarType.Float64);
        Tensor generated = NetworkColumns.Generate(generator, noise, labels).cpu().view(count, -1).to(ScalarType.Float64);
        return ((given - generated) / Number(255.0)).Square().mean([1]).to(ScalarType.Float32).data<float>().ToArray();
    }

    // Of each vector: the mean squared error of pixels in [0, 1], and the negative logarithm of normal noise's density.
    private Tensor Losses(Tensor generated, Tensor pictures, Tensor noise)
    {
        Tensor errors = (generated.reshape(pictures.shape[0], options.Restarts, -1) - pictures).Square().mean([2]).view(-1) / Number(4);
        return IsUniform || options.PriorWeight == 0 ? errors : errors.Plus(noise.Square().mean([1]) * Number(options.PriorWeight));
    }

    private void Move(Adam adam, Parameter noise, Tensor losses, double progress, torch.Generator random)
    {
        foreach (optim.ILearningRateController group in adam.ParamGroups)
            group.LearningRate = options.LearningRate * (1 + Math.Cos(Math.PI * progress)) / 2;
        adam.zero_grad();
        losses.sum().backward();
        adam.step();
        if (!IsUniform)
            return;

        // Whatever vector it belongs to, a number of the same restart and place is drawn alike.
        using var _ = no_grad();
        Tensor drawn = rand([options.Restarts, _shape.NoiseSize], WeightType, generator: random) * Number(2) - Number(1);
        noise.copy_(where(noise.abs() >= Number(1), drawn.to(networks.Device).repeat(noise.shape[0] / options.Restarts, 1), noise));
    }

    private static void Keep(Tensor losses, Tensor noise, Tensor least, Tensor best)
    {
        using var _ = no_grad();
        Tensor isBetter = losses < least;
        least.copy_(where(isBetter, losses, least));
        best.copy_(where(isBetter.unsqueeze(1), noise, best));
    }
}
