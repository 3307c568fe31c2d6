using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>What ResNet18 sees, which learnt from photographs: a second opinion, which none of these pictures has shaped. It reads some 15
/// pictures a second.</summary>
internal sealed class ResNet18 : IDisposable
{
    private const int Side = 224;
    private const string Output = "Features";

    private readonly MLContext _ml = new(seed: 1);
    private readonly ITransformer _network;

    // From pixels in 0 to 255 of one size to those of another, as its authors scale them.
    public ResNet18() => _network = _ml.Transforms.DnnFeaturizeImage(Output,
        made => made.ModelSelector.ResNet18(_ml, made.OutputColumn, made.InputColumn), VectorRows.Column).Fit(View(0, _ => []));

    /// <summary>A row for each picture, of bytes [n, channels, height, width].</summary>
    public float[][] Features(Tensor pictures)
    {
        return [.. _network.Transform(View((int)pictures.shape[0], Enlarged)).GetColumn<float[]>(Output)];

        float[] Enlarged(int i)
        {
            using var scope = NewDisposeScope();
            Tensor picture = pictures.narrow(0, i, 1).to(float32).expand(1, 3, -1, -1);
            return [.. nn.functional.interpolate(picture, [Side, Side], mode: InterpolationMode.Bilinear, align_corners: false).contiguous().data<float>()];
        }
    }

    public void Dispose() => (_network as IDisposable)?.Dispose();

    private IDataView View(int count, Func<int, float[]> row) => VectorRows.View(_ml, Enumerable.Range(0, count).Select(row), 3, Side, Side);
}

/// <summary>The Fréchet distance in the features of ResNet18, of the first thousand pictures.</summary>
internal sealed class ResNetFeatures : IDisposable
{
    private const int Count = 1_000;

    private readonly MLContext _ml = new(seed: 1);
    private readonly PictureSet _set;
    private readonly ResNet18 _network = new();
    private readonly IDataView _heldOut;

    public ResNetFeatures(PictureSet set)
    {
        _set = set;
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

    public void Dispose() => _network.Dispose();

    private double Distance(IDataView features) => _ml.ImageGeneration().Evaluate(_heldOut, features, new ImageGenerationOptions
    {
        RealColumnName = VectorRows.Column,
        GeneratedColumnName = VectorRows.Column,
        Metrics = GenerationMetrics.FrechetDistance,
    }).FrechetDistance;

    // Computed once.
    private IDataView Read(Tensor pictures)
    {
        using Tensor first = pictures.narrow(0, 0, Math.Min(Count, pictures.shape[0]));
        float[][] rows = _network.Features(first);
        return VectorRows.View(_ml, rows, rows[0].Length);
    }
}
