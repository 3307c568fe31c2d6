using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using TorchSharp.Modules;
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
    private readonly List<nn.Module<Tensor, Tensor>> _layers = [];
    private readonly nn.Module<Tensor, Tensor> _main;

    public Discriminator(NetworkShape shape) : base(nameof(Discriminator))
    {
        int maps = shape.Channels;
        for (int rung = 1; rung <= shape.Halvings; rung++)
        {
            int wider = NetworkShape.FeatureMapsAt(rung, shape.DiscriminatorFeatureMaps);
            _layers.Add(new DownConvolution(maps, wider, shape.ResamplingAt(rung - 1)));
            if (rung > 1)
                _layers.Add(nn.BatchNorm2d(wider));
            _layers.Add(nn.LeakyReLU(Leak, inplace: true));
            maps = wider;
        }

        _layers.Add(new DownConvolution(maps, 1, shape.BaseResampling));
        _main = nn.Sequential(_layers);
        register_module("main", _main);
    }

    public override Tensor forward(Tensor images) => _main.call(images).view(-1);

    /// <summary>
    /// What every layer but the last makes of images, after its LeakyReLU: each feature map's largest values in a grid of 4x4,
    /// or all of a map that is smaller, layer after layer, [n, <see cref="NetworkShape.Features"/>] (Radford, Metz and
    /// Chintala 2015, section 5.1).
    /// </summary>
    public Tensor Features(Tensor images)
    {
        using var scope = NewDisposeScope();
        var features = new List<Tensor>();
        Tensor hidden = images;
        foreach (nn.Module<Tensor, Tensor> layer in _layers.SkipLast(1))
        {
            hidden = layer.call(hidden);
            if (layer is LeakyReLU)
                features.Add(Pooled(hidden).flatten(1));
        }
        return cat(features, 1).MoveToOuterDisposeScope();
    }

    private static Tensor Pooled(Tensor maps) =>
        nn.functional.adaptive_max_pool2d(maps, [NetworkShape.PooledSide(maps.shape[2]), NetworkShape.PooledSide(maps.shape[3])]);
}
