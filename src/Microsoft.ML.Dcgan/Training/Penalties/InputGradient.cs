using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>How steep a discriminator is.</summary>
internal static class InputGradient
{
    /// <summary>
    /// Each image's gradient of its logit, [n, pixels], differentiable in the discriminator's weights. An image's logit must
    /// depend on no other image.
    /// </summary>
    public static Tensor Of(Func<Tensor, Tensor> discriminator, Tensor images)
    {
        Tensor points = images.detach().requires_grad_();
        Tensor logits = discriminator(points);
        return autograd.grad([logits.sum()], [points], retain_graph: true, create_graph: true)[0].flatten(1);
    }
}
