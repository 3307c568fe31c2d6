using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan;

/// <summary>Trains a DCGAN (Radford, Metz and Chintala 2015) on images. Made by <c>mlContext.Transforms.Dcgan(...)</c>.</summary>
public sealed partial class DcganEstimator : IEstimator<DcganTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly Options _options;
    private readonly ImageColumn _images;

    internal DcganEstimator(IHostEnvironment environment, Options options)
    {
        _environment = environment;
        _options = options.Validated();
        _ = AdversarialLoss.Create(_options);
        _images = new ImageColumn(_options.ImageColumnName, _options.ImageHeight, _options.ImageWidth, _options.Channels,
            _options.BadImages);
    }

    /// <summary>Reads all images, trains on them, and returns the generator as a transformer, which its user disposes.</summary>
    /// <param name="input">The training data. Only the columns of images and labels are read, once.</param>
    /// <exception cref="ArgumentOutOfRangeException">The image or label column is missing, or of a wrong type or size.</exception>
    /// <exception cref="InvalidOperationException">There are no images, an image cannot be read, does not fit or has no label, CUDA was
    /// required and is missing, a checkpoint does not fit, training diverged, or was to stop and never was healthy.</exception>
    /// <exception cref="DllNotFoundException">TorchSharp's native libraries do not load; the message says what to do.</exception>
    /// <exception cref="OutOfMemoryException">There is not enough memory, of the machine or the GPU.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the first minibatch was trained on.</exception>
    public DcganTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains a model further and returns what becomes of it; the model itself stays as it is. Training starts from its weights;
    /// optimisers start anew. <see cref="Options.Resume"/> goes on exactly where a training stopped.</summary>
    /// <param name="input">The training data. Only the columns of images and labels are read, once.</param>
    /// <param name="initialModel">A trained model of the image size, networks and classes that the options ask for; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has other networks; or as for <see cref="Fit(IDataView)"/>.</exception>
    /// <inheritdoc cref="Fit(IDataView)"/>
    public DcganTransformer Fit(IDataView input, DcganTransformer? initialModel)
    {
        ArgumentNullException.ThrowIfNull(input);
        return LibTorchErrors.InOneSentence("Training", () => Train(input, initialModel));
    }

    /// <summary>The layers of the networks that it would train, the generator's first, by the options on the images' size.</summary>
    /// <param name="classes">How many classes the label column has, 0 for none.</param>
    /// <exception cref="InvalidOperationException">One of the three is not set.</exception>
    public IReadOnlyList<DcganLayer> Layers(int classes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classes);
        if (_options is not { ImageHeight: int height, ImageWidth: int width, Channels: int channels })
        {
            throw new InvalidOperationException(
                "The layers depend on the images' size: set the options ImageHeight, ImageWidth and Channels.");
        }
        return DcganLayer.ListOf(NetworkShape.Create(_options, (height, width, channels), classes));
    }

    /// <summary>The input's columns and the column of generated images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The image or label column is missing or of a wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _images.Check(inputSchema);
        if (_options.LabelColumnName != null)
            LabelColumn.Check(inputSchema, _options.LabelColumnName);
        ImageDataViewType output = _options.ImageHeight is int height && _options.ImageWidth is int width
            ? new ImageDataViewType(height, width)
            : new ImageDataViewType();
        return inputSchema.With(_options.OutputColumnName, output);
    }
}
