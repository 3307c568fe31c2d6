using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// Brightness moves by up to 0.5, of a range of 2; saturation changes by a factor of 0 to 2, and contrast by one of 0.5 to
/// 1.5; each of them evenly at random (Zhao et al. 2020, section 4, and their code). Grey images have no saturation.
/// </summary>
internal sealed class ColorChange : IView
{
    public Tensor Of(Tensor images, TrainingMoment moment)
    {
        Tensor brightness = Draw() - 0.5, saturation = Draw() * 2, contrast = Draw() + 0.5;
        Tensor changed = images + brightness;
        changed = changed.mean([1], keepdim: true).lerp(changed, saturation);
        return changed.mean([1, 2, 3], keepdim: true).lerp(changed, contrast);

        Tensor Draw() => rand([images.shape[0], 1, 1, 1], generator: moment.Random).to(images.device);
    }
}
