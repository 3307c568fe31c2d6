namespace Microsoft.ML.Dcgan.Networks;

/// <summary>What a layer computes, by the name of PyTorch's module where there is one.</summary>
internal enum LayerKind { ConvTranspose2d, UpsampleConv2d, Conv2d, BatchNorm2d, MinibatchDeviation, ReLU, LeakyReLU, Tanh }

/// <summary>Of what lies between two layers: feature maps, and their height and width.</summary>
internal readonly record struct LayerSize(int Maps, int Height, int Width);

/// <summary>A tensor of a layer, by its name in the network's state dictionary, such as "main.0.weight". What is not trained is kept beside
/// the weights: statistics, singular vectors and counts.</summary>
internal sealed record LayerTensor(string Name, long[] Shape, bool IsTrained)
{
    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>A layer of a network: an entry of <see cref="Layers"/>. Its normalisation is the network's, which decides how a convolution's
/// weights begin and whether they are divided.</summary>
internal sealed record Layer(
    int Index, LayerKind Kind, LayerSize Input, LayerSize Output, Resampling Sampling, DcganNormalization Normalization)
{
    /// <summary>The slope of a LeakyReLU below 0.</summary>
    public const double Leak = 0.2;

    public string Name => $"main.{Index}";

    /// <summary>Kind, kernel, stride and padding, for people.</summary>
    public string Description => Kind switch
    {
        LayerKind.UpsampleConv2d => $"Upsample, Conv2d {KernelText}",
        LayerKind.ConvTranspose2d or LayerKind.Conv2d =>
            $"{Kind}{(IsSpectral ? ", spectral norm" : "")} {KernelText}, stride {Sampling.Height.Stride}"
            + (Sampling.Height.Padding > 0 ? $", padding {Sampling.Height.Padding}" : ""),
        LayerKind.LeakyReLU => FormattableString.Invariant($"LeakyReLU {Leak}"),
        _ => Kind.ToString(),
    };

    public bool IsSpectral => Kind == LayerKind.Conv2d && Normalization == DcganNormalization.Spectral;

    /// <summary>Its part of the state dictionary. A transposed convolution's inputs come first, any other's outputs.</summary>
    public IReadOnlyList<LayerTensor> Tensors => Kind switch
    {
        LayerKind.ConvTranspose2d => [Weight(Input.Maps, Output.Maps)],
        LayerKind.Conv2d when IsSpectral => [Weight(Output.Maps, Input.Maps), Beside("weight_u", Output.Maps),
            Beside("weight_v", Input.Maps * Sampling.KernelArea)],
        LayerKind.Conv2d or LayerKind.UpsampleConv2d => [Weight(Output.Maps, Input.Maps)],
        LayerKind.BatchNorm2d => [new($"{Name}.weight", [Output.Maps], true), new($"{Name}.bias", [Output.Maps], true),
            Beside("running_mean", Output.Maps), Beside("running_var", Output.Maps), Beside(Layers.BatchCount)],
        LayerKind.MinibatchDeviation => [Beside(MinibatchDeviation.RunningName)],
        _ => [],
    };

    /// <summary>How many trainable weights it has.</summary>
    public long Parameters => Tensors.Where(tensor => tensor.IsTrained).Sum(tensor => tensor.Elements);

    private string KernelText => $"{Sampling.Height.Kernel}x{Sampling.Width.Kernel}";

    private LayerTensor Weight(long first, long second) => new($"{Name}.weight", [first, second, .. Sampling.Kernel], true);

    private LayerTensor Beside(string name, params long[] shape) => new($"{Name}.{name}", shape, false);
}

/// <summary>The layers of both networks. All that concerns them follows from these lists: the networks are built of them, and their weights
/// counted, printed, exported and recognised by them.</summary>
internal static class Layers
{
    /// <summary>Where batch normalisation counts minibatches.</summary>
    public const string BatchCount = "num_batches_tracked";

    /// <summary>Noise, and behind it the classes, to an image in [-1, 1]: transposed convolutions, or after the first what the shape's
    /// upsampling says; batch normalisation and ReLU everywhere but at the output, a tanh (Radford, Metz and Chintala 2015, section
    /// 3).</summary>
    public static IReadOnlyList<Layer> Generator(NetworkShape shape)
    {
        var layers = new List<Layer>();
        var size = new LayerSize(shape.NoiseSize + shape.Classes, 1, 1);
        for (int level = shape.Halvings; level >= 0; level--)
        {
            if (level < shape.Halvings && shape.Upsampling == DcganUpsampling.ResizeConvolution)
                Add(LayerKind.UpsampleConv2d, shape.ResizeSampling);
            else
                Add(LayerKind.ConvTranspose2d, shape.ResamplingAt(level));
            if (level > 0)
                Add(LayerKind.BatchNorm2d);
            Add(level > 0 ? LayerKind.ReLU : LayerKind.Tanh);

            void Add(LayerKind kind, Resampling sampling = default)
            {
                int maps = level == 0 ? shape.Channels : NetworkShape.FeatureMapsAt(level, shape.GeneratorFeatureMaps);
                LayerSize output = shape.SizeAt(level, maps);
                layers.Add(new Layer(layers.Count, kind, size, output, sampling, DcganNormalization.Batch));
                size = output;
            }
        }
        return layers;
    }

    /// <summary>An image to a logit and one more for each class: strided convolutions, LeakyReLU, and the shape's normalisation, if of
    /// batches everywhere but at the input and the output (Radford, Metz and Chintala 2015, section 3); before the last, where the shape
    /// has it, the minibatch's deviation.</summary>
    public static IReadOnlyList<Layer> Discriminator(NetworkShape shape)
    {
        var layers = new List<Layer>();
        LayerSize size = shape.SizeAt(0, shape.Channels);
        for (int level = 1; level <= shape.Halvings; level++)
        {
            LayerSize output = shape.SizeAt(level, NetworkShape.FeatureMapsAt(level, shape.DiscriminatorFeatureMaps));
            Add(LayerKind.Conv2d, output, shape.ResamplingAt(level - 1));
            if (level > 1 && shape.DiscriminatorNormalization == DcganNormalization.Batch)
                Add(LayerKind.BatchNorm2d, output);
            Add(LayerKind.LeakyReLU, output);
        }
        if (shape.MinibatchDeviation)
            Add(LayerKind.MinibatchDeviation, size with { Maps = size.Maps + 1 });
        Add(LayerKind.Conv2d, new LayerSize(1 + shape.Classes, 1, 1), shape.ResamplingAt(shape.Halvings));
        return layers;

        void Add(LayerKind kind, LayerSize output, Resampling sampling = default)
        {
            layers.Add(new Layer(layers.Count, kind, size, output, sampling, shape.DiscriminatorNormalization));
            size = output;
        }
    }
}
