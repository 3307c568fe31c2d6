using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// A rectangle of half the sides is grey (0), wherever its middle falls in the image (Zhao et al. 2020, section 4, and
/// their code).
/// </summary>
internal sealed class Cutout : IView
{
    private const double Share = 0.5;

    public Tensor Of(Tensor images, TrainingMoment moment)
    {
        long[] sizes = images.shape;
        (long count, long height, long width) = (sizes[0], sizes[2], sizes[3]);
        Tensor isCut = IsCut(height).view(count, 1, height, 1) & IsCut(width).view(count, 1, 1, width);
        return images * isCut.logical_not();

        // [n, size]: whether the rectangle spans it, along one dimension.
        Tensor IsCut(long size)
        {
            long side = (long)(size * Share + 0.5);
            Tensor first = randint(0, size + 1 - side % 2, [count, 1], generator: moment.Random).to(images.device) - side / 2;
            Tensor place = arange(size, device: images.device);
            return place.ge(first) & place.lt(first + side);
        }
    }
}
