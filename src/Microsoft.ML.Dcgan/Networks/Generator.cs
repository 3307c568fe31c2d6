using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>
/// Noise [n, noise] to images [n, channels, height, width] in [-1, 1]: transposed convolutions, or after the first what
/// <see cref="NetworkShape.Upsampling"/> says, batch normalisation and
/// ReLU everywhere but at the output, which is a tanh (Radford, Metz and Chintala 2015, section 3). With classes, the noise
/// comes with its <see cref="ClassLabels"/>.
/// </summary>
internal sealed class Generator : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _main;

    public Generator(NetworkShape shape) : base(nameof(Generator))
    {
        int maps = NetworkShape.FeatureMapsAt(shape.Halvings, shape.GeneratorFeatureMaps);
        var layers = new List<nn.Module<Tensor, Tensor>>
        {
            new UpConvolution(shape.NoiseSize + shape.Classes, maps, shape.BaseResampling),
            nn.BatchNorm2d(maps),
            Hidden(),
        };

        for (int rung = shape.Halvings - 1; rung >= 0; rung--)
        {
            int narrower = rung == 0 ? shape.Channels : NetworkShape.FeatureMapsAt(rung, shape.GeneratorFeatureMaps);
            layers.Add(Up(shape, rung, maps, narrower));
            if (rung > 0)
            {
                layers.Add(nn.BatchNorm2d(narrower));
                layers.Add(Hidden());
            }
            maps = narrower;
        }

        layers.Add(nn.Tanh());
        _main = nn.Sequential(layers);
        register_module("main", _main);
    }

    public override Tensor forward(Tensor noise) => _main.call(noise.view(noise.shape[0], -1, 1, 1));

    private static Convolution Up(NetworkShape shape, int rung, int maps, int narrower) => shape.Upsampling == DcganUpsampling.ResizeConvolution
        ? new ResizeConvolution(maps, narrower, shape.Ladder[rung], shape.ResizeKernel)
        : new UpConvolution(maps, narrower, shape.ResamplingAt(rung));

    private HiddenActivation Hidden() => new(features => nn.functional.relu(features, inplace: true));
}
