using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Latent;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan;

public sealed partial class DcganTransformer
{
    /// <summary>
    /// Finds noise whose generated pictures are as near as can be to given ones, by gradient descent through the generator
    /// (Lipton and Tripathi 2017; Creswell and Bharath 2018). Others may generate meanwhile.
    /// </summary>
    /// <param name="images">Images of <see cref="DcganModel.ImageWidth"/> x <see cref="DcganModel.ImageHeight"/> pixels; a grey model sees their luminance.</param>
    /// <param name="options">How to search; null for the defaults.</param>
    /// <param name="label">One of <see cref="Classes"/>, which all images are of; null if there are none.</param>
    /// <returns>What was found, in the images' order.</returns>
    /// <exception cref="ArgumentException">An image is null or of another size, or a label is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or there is no such class.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IReadOnlyList<FoundNoise> FindNoise(IReadOnlyList<MLImage> images, NoiseSearchOptions? options = null, string? label = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        return LibTorchErrors.InOneSentence("Finding noise", () => Find(images, options, ClassOf(label)));
    }

    /// <summary>The same, with each image's class.</summary>
    /// <param name="images">Images of <see cref="DcganModel.ImageWidth"/> x <see cref="DcganModel.ImageHeight"/> pixels.</param>
    /// <param name="labels">As many of <see cref="Classes"/>.</param>
    /// <param name="options">How to search; null for the defaults.</param>
    /// <returns>What was found, in the images' order.</returns>
    /// <exception cref="ArgumentException">An image is null or of another size, or there are more or fewer labels than images.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or there is no such class.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IReadOnlyList<FoundNoise> FindNoise(IReadOnlyList<MLImage> images, IReadOnlyList<string> labels, NoiseSearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        return LibTorchErrors.InOneSentence("Finding noise", () => Find(images, options, ClassesOf(labels, images.Count, "images")));
    }

    /// <summary>
    /// Adds to a view of images each one's noise, in a column <see cref="NoiseColumnName"/>, so that <see cref="DcganModel.Transform"/>
    /// of the result has the reconstructions. With classes, the view must have the column <see cref="LabelColumnName"/>.
    /// The search is done when a cursor reads, anew by each: <c>mlContext.Data.Cache</c> keeps what it found.
    /// </summary>
    /// <param name="images">The view.</param>
    /// <param name="imageColumnName">Its column of images: of <see cref="DcganModel.ImageWidth"/> x
    /// <see cref="DcganModel.ImageHeight"/> pixels, or vectors of as many pixels in [-1, 1], planes first.</param>
    /// <param name="errorColumnName">A column to add with the mean squared errors of pixels in [0, 1], of type Single.</param>
    /// <param name="options">How to search; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a wrong type or size; or an option is out of its range.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IDataView FindNoise(IDataView images, string imageColumnName = DcganEstimator.Defaults.ImageColumnName,
        string errorColumnName = "Error", NoiseSearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        DcganEstimator.Options.RequireName(nameof(imageColumnName), imageColumnName, $"\"{DcganEstimator.Defaults.ImageColumnName}\"");
        DcganEstimator.Options.RequireName(nameof(errorColumnName), errorColumnName, "\"Error\"");
        CheckUsable();
        var pictures = new LabelledImages(ImageColumn.OfModel(imageColumnName, _networks.Shape), _generation.Labels);
        var withNoise = new ComputedView(new FoundNoiseColumn(_networks, pictures, NoiseColumnName, (options ?? new NoiseSearchOptions()).Validated()), images);
        return new ComputedView(new ReconstructionErrorColumn(_networks, pictures, _generation.Noise, errorColumnName, _generation.BatchSize), withNoise);
    }

    private List<FoundNoise> Find(IReadOnlyList<MLImage> images, NoiseSearchOptions? options, Func<int, long>? classOf)
    {
        NoiseSearchOptions settings = (options ?? new NoiseSearchOptions()).Validated();
        CheckUsable();
        byte[][] pixels = images.Select((image, i) => Pixels(image, i)).ToArray();
        var search = new NoiseSearch(_networks, settings);
        var found = new List<FoundNoise>(images.Count);
        foreach (byte[][] batch in pixels.Chunk(settings.BatchSize))
        {
            byte[] together = batch.SelectMany(picture => picture).ToArray();
            long[]? labels = classOf == null ? null : Enumerable.Range(found.Count, batch.Length).Select(classOf).ToArray();
            float[] noise = search.Find(together, labels);
            double[] errors = ReconstructionError.Of(_networks, together, noise, labels);
            found.AddRange(noise.Chunk(NoiseSize).Zip(errors, (vector, error) => new FoundNoise(vector, error)));
        }
        return found;
    }

    private byte[] Pixels(MLImage image, int index)
    {
        var format = new ImageFormat(ImageHeight, ImageWidth, Channels);
        var pixels = new byte[format.Size];
        try
        {
            ImagePixelSource.Read(image, format, pixels);
        }
        catch (InvalidOperationException wrong)
        {
            throw new ArgumentException($"Image {index}: {wrong.Message}", "images", wrong);
        }
        return pixels;
    }
}
