using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// Shifts by up to an eighth of either side, every number of pixels as likely, with grey (0) beyond the border (Zhao et al.
/// 2020, section 4, and their code).
/// </summary>
internal sealed class Translation : IView
{
    private const double Share = 0.125;

    public Tensor Of(Tensor images, TrainingMoment moment)
    {
        long[] sizes = images.shape;
        (long count, long channels, long height, long width) = (sizes[0], sizes[1], sizes[2], sizes[3]);
        Tensor rows = Sources(height).view(-1, height, 1), columns = Sources(width).view(-1, 1, width);
        Tensor isInside = rows.ge(0) & rows.lt(height) & columns.ge(0) & columns.lt(width);

        // A pixel's channels stay together: one index a pixel, and the layout stays channels last.
        Tensor places = rows.clamp(0, height - 1) * width + columns.clamp(0, width - 1);
        Tensor pixels = images.permute(0, 2, 3, 1).reshape(count, height * width, channels);
        Tensor shifted = pixels.gather(1, places.view(count, -1, 1).expand(-1, -1, channels)) * isInside.view(count, -1, 1);
        return shifted.view(count, height, width, channels).permute(0, 3, 1, 2);

        // [n, size]: where each image's pixels come from, along one dimension.
        Tensor Sources(long size)
        {
            long most = (long)(size * Share + 0.5);
            Tensor shift = randint(-most, most + 1, [count, 1], generator: moment.Random).to(images.device);
            return arange(size, device: images.device) - shift;
        }
    }
}
