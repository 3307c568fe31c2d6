using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>How a generator is told which class to make an image of (Mirza and Osindero 2014, section 3.2).</summary>
internal static class ClassLabels
{
    /// <summary>
    /// What a generator takes: noise [n, noise] and behind it, one-hot, labels [n] of Int64, 0 to <paramref name="classes"/>
    /// - 1. Where there are no classes it is the noise itself.
    /// </summary>
    public static Tensor Append(Tensor noise, Tensor? labels, int classes)
    {
        if (classes == 0 || labels is null)
            return noise;
        using Tensor places = nn.functional.one_hot(labels, classes);
        using Tensor oneHot = places.to(noise.dtype, noise.device);
        return cat([noise, oneHot], 1);
    }
}
