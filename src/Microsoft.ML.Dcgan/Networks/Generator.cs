using System.Collections.Generic;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>
/// Noise [n, noise] to images [n, channels, height, width] in [-1, 1]: transposed convolutions, batch normalisation and
/// ReLU everywhere but at the output, which is a tanh (Radford, Metz and Chintala 2015, section 3).
/// </summary>
internal sealed class Generator : nn.Module<Tensor, Tensor>
{
    private readonly NetworkShape _shape;
    private readonly List<nn.Module<Tensor, Tensor>> _layers = new();

    public Generator(NetworkShape shape) : base(nameof(Generator))
    {
        _shape = shape;
        int maps = NetworkShape.FeatureMapsAt(shape.Halvings, shape.GeneratorFeatureMaps);
        _layers.Add(nn.ConvTranspose2d(shape.NoiseSize, maps, (shape.Base.Height, shape.Base.Width), bias: false));
        _layers.Add(nn.BatchNorm2d(maps));
        _layers.Add(nn.ReLU(inplace: true));

        for (int rung = shape.Halvings - 1; rung >= 0; rung--)
        {
            Resampling doubling = shape.ResamplingAt(rung);
            int narrower = rung == 0 ? shape.Channels : NetworkShape.FeatureMapsAt(rung, shape.GeneratorFeatureMaps);
            _layers.Add(nn.ConvTranspose2d(maps, narrower, doubling.Kernel, stride: (2, 2), padding: doubling.Padding, bias: false));
            if (rung > 0)
            {
                _layers.Add(nn.BatchNorm2d(narrower));
                _layers.Add(nn.ReLU(inplace: true));
            }
            maps = narrower;
        }

        _layers.Add(nn.Tanh());
        register_module("main", nn.Sequential(_layers));
    }

    public override Tensor forward(Tensor noise)
    {
        Tensor images = noise.view(noise.shape[0], -1, 1, 1);
        int rung = _shape.Halvings;
        foreach (nn.Module<Tensor, Tensor> layer in _layers)
        {
            // A transposed convolution of stride 2 leaves the last row and column open; the ladder says which it is.
            using Tensor input = images;
            images = layer is ConvTranspose2d doubling
                ? doubling.forward(input, [_shape.Ladder[rung].Height, _shape.Ladder[rung--].Width])
                : layer.call(input);
        }
        return images;
    }
}
