using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>The Fréchet distance in the features of ResNet18, which learnt from photographs: a second opinion, which none of these
/// pictures has shaped. It reads some 15 pictures a second, so it is of the first thousand.</summary>
internal sealed class ResNetFeatures : IDisposable
{
    private const int Count = 1_000;
    private const int Side = 224;
    private const string Features = "Features";

    private readonly MLContext _ml = new(seed: 1);
    private readonly PictureSet _set;
    private readonly ITransformer _network;
    private readonly IDataView _heldOut;

    public ResNetFeatures(PictureSet set)
    {
        _set = set;
        // From pixels in [-1, 1] of one size to those of another, as its authors scale them.
        _network = _ml.Transforms.DnnFeaturizeImage(Features, made => made.ModelSelector.ResNet18(_ml, made.OutputColumn, made.InputColumn),
            JudgedModel.Pixels).Fit(Enlarged(set.HeldOut));
        _heldOut = Read(set.HeldOut);
    }

    public double DistanceOfTraining => Distance(Read(_set.Training));

    /// <summary>Of pictures as bytes, planes first.</summary>
    public double Distance(byte[] samples)
    {
        long[] shape = _set.Training.shape;
        using Tensor pictures = tensor(samples, [samples.Length / (shape[1] * shape[2] * shape[3]), shape[1], shape[2], shape[3]]);
        return Distance(Read(pictures));
    }

    public void Dispose() => (_network as IDisposable)?.Dispose();

    private double Distance(IDataView features) => _ml.ImageGeneration().Evaluate(_heldOut, features, new ImageGenerationOptions
    {
        RealColumnName = VectorRows.Column,
        GeneratedColumnName = VectorRows.Column,
        Metrics = GenerationMetrics.FrechetDistance,
    }).FrechetDistance;

    // Computed once.
    private IDataView Read(Tensor pictures)
    {
        IDataView features = _network.Transform(Enlarged(pictures));
        float[][] rows = [.. features.GetColumn<float[]>(Features)];
        return VectorRows.View(_ml, rows, rows[0].Length);
    }

    private IDataView Enlarged(Tensor pictures)
    {
        int count = (int)Math.Min(Count, pictures.shape[0]);
        return VectorRows.View(_ml, Enumerable.Range(0, count).Select(Row), 3, Side, Side);

        float[] Row(int i)
        {
            using var scope = NewDisposeScope();
            Tensor picture = pictures.narrow(0, i, 1).to(float32).expand(1, 3, -1, -1);
            return [.. nn.functional.interpolate(picture, [Side, Side], mode: InterpolationMode.Bilinear, align_corners: false).contiguous().data<float>()];
        }
    }
}
