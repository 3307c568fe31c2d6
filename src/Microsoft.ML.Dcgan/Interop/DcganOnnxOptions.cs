namespace Microsoft.ML.Dcgan;

/// <summary>What the inputs and outputs of an exported ONNX model are to be.</summary>
public sealed class DcganOnnxOptions
{
    /// <summary>
    /// False: the output is float32 [batch, channels, height, width] in [-1, 1]. True: uint8 [batch, height, width, channels],
    /// 0 to 255, as pictures are stored. Default false.
    /// </summary>
    public bool BytePixels;

    /// <summary>
    /// Of a model with classes. False: its second input is int64 [batch], a class's number from 0 (its key - 1). True:
    /// float32 [batch, classes], 1 at the class's number and 0 elsewhere, for runtimes that take numbers of one type only.
    /// Default false.
    /// </summary>
    public bool OneHotLabels;

    /// <summary>The name of the input float32 [batch, noise size]. Default "noise".</summary>
    public string NoiseName = "noise";

    /// <summary>The name of the input of classes. Default "label".</summary>
    public string LabelName = "label";

    /// <summary>The name of the output. Default "image".</summary>
    public string OutputName = "image";

    internal void Check()
    {
        DcganEstimator.Options.RequireName(nameof(NoiseName), NoiseName, "\"noise\"");
        DcganEstimator.Options.RequireName(nameof(LabelName), LabelName, "\"label\"");
        DcganEstimator.Options.RequireName(nameof(OutputName), OutputName, "\"image\"");
        if (NoiseName == LabelName || NoiseName == OutputName || LabelName == OutputName)
            throw new ArgumentOutOfRangeException(nameof(OutputName), $"NoiseName is '{NoiseName}', LabelName '{LabelName}' and OutputName '{OutputName}', but they must differ.");
    }
}
