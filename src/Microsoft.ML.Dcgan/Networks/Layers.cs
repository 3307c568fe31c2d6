namespace Microsoft.ML.Dcgan.Networks;

/// <summary>What a layer computes, by the name of PyTorch's module.</summary>
internal enum LayerKind
{
    ConvTranspose2d,
    UpsampleConv2d,
    Conv2d,
    BatchNorm2d,
    ReLU,
    LeakyReLU,
    Tanh,
}

/// <summary>Of what lies between two layers: feature maps, and their height and width.</summary>
internal readonly record struct LayerSize(int Maps, int Height, int Width);

/// <summary>A tensor of a layer, by its name in the network's state dictionary.</summary>
/// <param name="Name">Such as "main.0.weight".</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="IsTrained">False for what is kept beside the weights: statistics, singular vectors and counts.</param>
internal sealed record LayerTensor(string Name, long[] Shape, bool IsTrained)
{
    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>A layer of a network: an entry of <see cref="Layers"/>.</summary>
/// <param name="Index">Its place in the network, which its name says too.</param>
/// <param name="Kind">What it computes.</param>
/// <param name="Input">What it takes.</param>
/// <param name="Output">What it makes of that.</param>
/// <param name="Sampling">Of a convolution.</param>
/// <param name="Normalization">The network's, which decides how a convolution begins and whether its weights are divided.</param>
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
        LayerKind.ConvTranspose2d or LayerKind.Conv2d => $"{Kind}{(IsSpectral ? ", spectral norm" : "")} {KernelText}, stride {Sampling.Height.Stride}"
            + (Sampling.Height.Padding > 0 ? $", padding {Sampling.Height.Padding}" : ""),
        LayerKind.LeakyReLU => $"LeakyReLU {FormattableString.Invariant($"{Leak}")}",
        _ => Kind.ToString(),
    };

    public bool IsSpectral => Kind == LayerKind.Conv2d && Normalization == DcganNormalization.Spectral;

    /// <summary>Its part of the state dictionary. Sizes are PyTorch's: a transposed convolution's inputs come first, any other's outputs.</summary>
    public IReadOnlyList<LayerTensor> Tensors => Kind switch
    {
        LayerKind.ConvTranspose2d => [Weight(Input.Maps, Output.Maps)],
        LayerKind.UpsampleConv2d => [Weight(Output.Maps, Input.Maps)],
        LayerKind.Conv2d when IsSpectral =>
        [
            Weight(Output.Maps, Input.Maps),
            Tensor("weight_u", false, Output.Maps),
            Tensor("weight_v", false, Input.Maps * Sampling.KernelArea),
        ],
        LayerKind.Conv2d => [Weight(Output.Maps, Input.Maps)],
        LayerKind.BatchNorm2d =>
        [
            Tensor("weight", true, Output.Maps),
            Tensor("bias", true, Output.Maps),
            Tensor("running_mean", false, Output.Maps),
            Tensor("running_var", false, Output.Maps),
            Tensor(Layers.BatchCount, false),
        ],
        _ => [],
    };

    /// <summary>How many trainable weights it has.</summary>
    public long Parameters => Tensors.Where(tensor => tensor.IsTrained).Sum(tensor => tensor.Elements);

    private string KernelText => $"{Sampling.Height.Kernel}x{Sampling.Width.Kernel}";

    private LayerTensor Weight(long first, long second) => Tensor("weight", true, [first, second, .. Sampling.Kernel]);

    private LayerTensor Tensor(string name, bool isTrained, params long[] shape) => new($"{Name}.{name}", shape, isTrained);
}

/// <summary>
/// The layers of both networks. All that concerns them follows from these lists: the networks are built of them, and their
/// weights counted, printed, exported and recognised by them.
/// </summary>
internal static class Layers
{
    /// <summary>Where batch normalisation counts minibatches.</summary>
    public const string BatchCount = "num_batches_tracked";

    /// <summary>
    /// Noise, and behind it the classes, to an image in [-1, 1]: transposed convolutions, or after the first what
    /// <see cref="NetworkShape.Upsampling"/> says, batch normalisation and ReLU everywhere but at the output, which is a tanh
    /// (Radford, Metz and Chintala 2015, section 3).
    /// </summary>
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
                LayerSize output = shape.SizeAt(level, level == 0 ? shape.Channels : NetworkShape.FeatureMapsAt(level, shape.GeneratorFeatureMaps));
                layers.Add(new Layer(layers.Count, kind, size, output, sampling, DcganNormalization.Batch));
                size = output;
            }
        }
        return layers;
    }

    /// <summary>
    /// An image to a logit and one more for each class: strided convolutions, LeakyReLU, and batch normalisation everywhere
    /// but at the input and the output (Radford, Metz and Chintala 2015, section 3), or what
    /// <see cref="NetworkShape.DiscriminatorNormalization"/> says.
    /// </summary>
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
        Add(LayerKind.Conv2d, new LayerSize(1 + shape.Classes, 1, 1), shape.ResamplingAt(shape.Halvings));
        return layers;

        void Add(LayerKind kind, LayerSize output, Resampling sampling = default)
        {
            layers.Add(new Layer(layers.Count, kind, size, output, sampling, shape.DiscriminatorNormalization));
            size = output;
        }
    }
}
