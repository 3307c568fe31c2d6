using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Left and right change places in every second image, at random.</summary>
internal sealed class Mirroring : IView
{
    public Tensor Of(Tensor images, TrainingMoment moment)
    {
        Tensor isMirrored = rand([images.shape[0], 1, 1, 1], generator: moment.Random).lt(0.5).to(images.device);
        return where(isMirrored, images.flip(3), images);
    }
}
