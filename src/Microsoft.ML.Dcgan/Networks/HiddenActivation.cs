using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>What follows a hidden layer: its activation and, while training, dropout where there is any.</summary>
internal sealed class HiddenActivation(Func<Tensor, Tensor> activation) : nn.Module<Tensor, Tensor>(nameof(HiddenActivation))
{
    /// <summary>Features [n, maps, height, width] to what is left of them.</summary>
    public Func<Tensor, Tensor>? Dropout { get; set; }

    public override Tensor forward(Tensor input)
    {
        Tensor features = activation(input);
        if (!training || Dropout == null)
            return features;
        using (features)
            return Dropout(features);
    }
}
