using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Dcgan;

/// <summary>What a file of weights does not say of the model that it is to become.</summary>
public sealed class DcganImportOptions
{
    /// <summary>The column of generated images that the transformer adds. Default "Generated".</summary>
    public string OutputColumnName = DcganEstimator.Defaults.OutputColumnName;

    /// <summary>The column of noise vectors that the transformer reads. Default "Noise".</summary>
    public string NoiseColumnName = DcganEstimator.Defaults.NoiseColumnName;

    /// <summary>The column of classes that the transformer reads. Default "Label"; it counts only with <see cref="Classes"/>.</summary>
    public string LabelColumnName = "Label";

    /// <summary>The classes that it was trained on, that of key 1 first, taken one-hot behind the noise. Default none.</summary>
    public IReadOnlyList<string> Classes = [];

    /// <summary>The images' height in pixels. Default null: what the kernels say, or the largest of the sizes that they fit.</summary>
    public int? ImageHeight;

    /// <summary>The images' width in pixels. Default null, as for <see cref="ImageHeight"/>.</summary>
    public int? ImageWidth;

    /// <summary>How the noise of its training was distributed. Default normal, as in PyTorch's example.</summary>
    public DcganNoise NoiseDistribution = DcganNoise.Normal;

    /// <summary>What networks compute in. Default <see cref="DcganPrecision.Float32"/>, which gives PyTorch's pixels.</summary>
    public DcganPrecision Precision = DcganPrecision.Float32;

    /// <summary>Where it runs. Default <see cref="DcganDevice.Auto"/>.</summary>
    public DcganDevice Device = DcganDevice.Auto;

    /// <summary>Seeds the noise that the transformer draws where the data has no noise column. Default 0.</summary>
    public int GenerationSeed;

    /// <summary>Images that the transformer generates at once, 1 to 10,000. Default 64.</summary>
    public int GenerationBatchSize = DcganEstimator.Defaults.GenerationBatchSize;
}

/// <summary>What the inputs and outputs of an exported ONNX model are to be.</summary>
public sealed class DcganOnnxOptions
{
    /// <summary>Whether the output is uint8 [batch, height, width, channels], 0 to 255, as pictures are stored, and not float32 [batch,
    /// channels, height, width] in [-1, 1]. Default false.</summary>
    public bool BytePixels;

    /// <summary>Of a model with classes. False: its second input is int64 [batch], a class's number from 0 (its key - 1). True: float32
    /// [batch, classes], 1 at the class's number and 0 elsewhere, for runtimes that take numbers of one type only. Default false.</summary>
    public bool OneHotLabels;

    /// <summary>The name of the input float32 [batch, noise size]. Default "noise".</summary>
    [DataType("a name")]
    public string NoiseName = "noise";

    /// <summary>The name of the input of classes. Default "label".</summary>
    [DataType("a name")]
    public string LabelName = "label";

    /// <summary>The name of the output. Default "image".</summary>
    [DataType("a name")]
    public string OutputName = "image";

    internal void Check()
    {
        OptionsSchema<DcganOnnxOptions>.Validate(this);
        if (NoiseName == LabelName || NoiseName == OutputName || LabelName == OutputName)
        {
            throw new ArgumentOutOfRangeException(nameof(OutputName),
                $"NoiseName is '{NoiseName}', LabelName '{LabelName}' and OutputName '{OutputName}', but they must differ.");
        }
    }
}
