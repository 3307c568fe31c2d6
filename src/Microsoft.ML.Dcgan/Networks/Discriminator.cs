using System.Collections.Generic;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>
/// Images [n, channels, height, width] in [-1, 1] to one logit each, [n]: the higher, the likelier real. Strided
/// convolutions, LeakyReLU 0.2, and batch normalisation everywhere but at the input (Radford, Metz and Chintala 2015,
/// section 3).
/// </summary>
internal sealed class Discriminator : nn.Module<Tensor, Tensor>
{
    private const double Leak = 0.2;
    private readonly nn.Module<Tensor, Tensor> _main;

    public Discriminator(NetworkShape shape) : base(nameof(Discriminator))
    {
        int maps = shape.Channels;
        var layers = new List<nn.Module<Tensor, Tensor>>();

        for (int rung = 1; rung <= shape.Halvings; rung++)
        {
            int wider = NetworkShape.FeatureMapsAt(rung, shape.DiscriminatorFeatureMaps);
            layers.Add(new DownConvolution(maps, wider, shape.ResamplingAt(rung - 1)));
            if (rung > 1)
                layers.Add(nn.BatchNorm2d(wider));
            layers.Add(nn.LeakyReLU(Leak, inplace: true));
            maps = wider;
        }

        layers.Add(new DownConvolution(maps, 1, shape.BaseResampling));
        _main = nn.Sequential(layers);
        register_module("main", _main);
    }

    public override Tensor forward(Tensor images) => _main.call(images).view(-1);
}
