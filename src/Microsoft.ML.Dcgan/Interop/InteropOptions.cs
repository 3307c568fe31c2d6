using System.ComponentModel.DataAnnotations;
using Microsoft.ML.Dcgan.Interop;

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
    /// <summary>Whether images, a generator's output and a discriminator's input, are uint8 [batch, height, width, channels], 0 to 255, as
    /// pictures are stored, and not float32 [batch, channels, height, width] in [-1, 1]. Default false.</summary>
    public bool BytePixels;

    /// <summary>Of a generator with classes. False: its second input is int64 [batch], a class's number from 0 (its key - 1). True: float32
    /// [batch, classes], 1 at the class's number and 0 elsewhere, for runtimes that take numbers of one type only. Default false.</summary>
    public bool OneHotLabels;

    /// <summary>The name of the input of noise or images. Default null: "noise", of a discriminator "image".</summary>
    [DataType("a name"), DisplayFormat(NullDisplayText = "\"noise\" or \"image\"")]
    public string? InputName;

    /// <summary>The name of a generator's input of classes. Default "label".</summary>
    [DataType("a name")]
    public string LabelName = "label";

    /// <summary>The name of the output. Default null: "image", of a discriminator "features" or "realness".</summary>
    [DataType("a name"), DisplayFormat(NullDisplayText = "\"image\", \"features\" or \"realness\"")]
    public string? OutputName;

    /// <summary>The same, checked, with these names where there are none.</summary>
    internal OnnxSignature Signature(string input, string output)
    {
        _ = OptionsSchema<DcganOnnxOptions>.Validated(this);
        var signature = new OnnxSignature(InputName ?? input, LabelName, OutputName ?? output, BytePixels, OneHotLabels);
        return new HashSet<string> { signature.InputName, LabelName, signature.OutputName }.Count == 3 ? signature
            : throw new ArgumentOutOfRangeException(nameof(OutputName), $"InputName is '{signature.InputName}', "
                + $"LabelName '{LabelName}' and OutputName '{signature.OutputName}', but they must differ.");
    }
}
