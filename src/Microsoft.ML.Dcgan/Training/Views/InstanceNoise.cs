using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// Normal noise on every pixel, which makes the two distributions overlap and falls to 0 in a straight line (Sønderby et
/// al. 2017, section 2; Arjovsky and Bottou 2017, section 3).
/// </summary>
/// <param name="deviation">Its standard deviation at the start of the training.</param>
/// <param name="decay">The share of the training after which it is 0.</param>
internal sealed class InstanceNoise(double deviation, double decay) : IView
{
    public Tensor Of(Tensor images, TrainingMoment moment)
    {
        double now = deviation * Math.Max(0, 1 - moment.Progress / decay);
        if (now == 0)
            return images;

        // Drawn pixel by pixel, as the images lie in memory.
        long[] sizes = images.shape;
        Tensor noise = randn([sizes[0], sizes[2], sizes[3], sizes[1]], generator: moment.Random).permute(0, 3, 1, 2);
        return images + noise.to(images.device) * now;
    }
}
