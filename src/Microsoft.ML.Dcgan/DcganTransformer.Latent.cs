using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Latent;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan;

public sealed partial class DcganTransformer
{
    /// <summary>What noise it was trained on.</summary>
    public DcganNoise NoiseDistribution => _networks.Shape.NoiseDistribution;

    /// <summary>The vectors of <see cref="SampleNoise(int, int)"/>, to compute with: see <see cref="LatentVectors"/>.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">The same seed gives the same vectors, on any machine; vector i does not depend on <paramref name="count"/>.</param>
    /// <returns>Vectors of <see cref="NoiseSize"/> numbers, which are the caller's.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public IReadOnlyList<float[]> DrawNoise(int count, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return NoiseSamples.Draw(_generation.Noise, count, seed);
    }

    /// <summary>A view of noise vectors, for <see cref="DcganModel.Transform"/>: a row each, in a column <see cref="NoiseColumnName"/>.</summary>
    /// <param name="noise">Vectors of <see cref="NoiseSize"/> finite numbers; they are copied. None is an empty view.</param>
    /// <param name="label">One of <see cref="Classes"/>, for a column <see cref="LabelColumnName"/>; null if there are none.</param>
    /// <exception cref="ArgumentException">A vector is of another size or holds no finite number, or a label is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public IDataView NoiseView(IReadOnlyList<float[]> noise, string? label = null)
    {
        CheckNoise(noise);
        return View(noise, ClassOf(label));
    }

    /// <summary>A view of noise vectors and of each one's class.</summary>
    /// <param name="noise">Vectors of <see cref="NoiseSize"/> finite numbers; they are copied.</param>
    /// <param name="labels">As many of <see cref="Classes"/>.</param>
    /// <exception cref="ArgumentException">A vector is of another size or holds no finite number, or there are more or fewer labels than vectors.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public IDataView NoiseView(IReadOnlyList<float[]> noise, IReadOnlyList<string> labels)
    {
        CheckNoise(noise);
        return View(noise, ClassesOf(labels, noise.Count, "noise vectors"));
    }

    /// <summary>Generates the images of noise vectors.</summary>
    /// <param name="noise">Vectors of <see cref="NoiseSize"/> finite numbers.</param>
    /// <param name="label">One of <see cref="Classes"/>, which all images are of; null if there are none.</param>
    /// <returns>An image for each vector, in 32 bits a pixel, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">A vector is of another size or holds no finite number, or a label is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IReadOnlyList<MLImage> Generate(IReadOnlyList<float[]> noise, string? label = null)
    {
        CheckNoise(noise);
        return Generate(noise.Count, (row, vector) => noise[row].CopyTo(vector), ClassOf(label));
    }

    /// <summary>Generates the images of noise vectors, each of its class.</summary>
    /// <param name="noise">Vectors of <see cref="NoiseSize"/> finite numbers.</param>
    /// <param name="labels">As many of <see cref="Classes"/>.</param>
    /// <returns>An image for each vector, in 32 bits a pixel, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">A vector is of another size or holds no finite number, or there are more or fewer labels than vectors.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IReadOnlyList<MLImage> Generate(IReadOnlyList<float[]> noise, IReadOnlyList<string> labels)
    {
        CheckNoise(noise);
        return Generate(noise.Count, (row, vector) => noise[row].CopyTo(vector), ClassesOf(labels, noise.Count, "noise vectors"));
    }

    /// <summary>
    /// Directions to move noise in that change pictures most, in closed form from the weights of the generator's first layer
    /// (Shen and Zhou 2021). Add one times -3 to 3 to a noise vector.
    /// </summary>
    /// <param name="count">How many, from 1 to <see cref="NoiseSize"/>, the strongest first.</param>
    /// <returns>Vectors of length 1, at right angles to each other.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of its range.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IReadOnlyList<float[]> PrincipalDirections(int count)
    {
        if (count < 1 || count > NoiseSize)
            throw new ArgumentOutOfRangeException(nameof(count), $"{count} directions are asked for, but there are from 1 to {NoiseSize}, as many as numbers in a noise vector.");
        CheckUsable();
        return LibTorchErrors.InOneSentence("Finding directions", () => Latent.PrincipalDirections.Of(_networks, count));
    }

    private IDataView View(IReadOnlyList<float[]> noise, Func<int, long>? classOf)
    {
        IEnumerable<float[]> copies = noise.Select(vector => (float[])vector.Clone());
        return classOf == null
            ? NoiseSamples.View(_generation.Noise, copies)
            : NoiseSamples.View(_generation.Noise, copies, _generation.Labels!, classOf);
    }

    private void CheckNoise(IReadOnlyList<float[]> noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        for (int i = 0; i < noise.Count; i++)
        {
            if (noise[i]?.Length != NoiseSize)
            {
                throw new ArgumentException($"Noise vector {i} {(noise[i] == null ? "is null" : $"has {noise[i].Length} numbers")}, but this model takes {NoiseSize}. " +
                    "DrawNoise makes such vectors.", nameof(noise));
            }
            if (Array.FindIndex(noise[i], number => !float.IsFinite(number)) is >= 0 and int index)
                throw new ArgumentException($"Noise vector {i} holds {noise[i][index]} at {index}, but a noise vector must be finite numbers.", nameof(noise));
        }
    }

    // One class for all.
    private Func<int, long>? ClassOf(string? label)
    {
        if (label == null)
        {
            return _generation.Labels is { } labels
                ? throw new ArgumentException($"This model was trained on classes, and no label says of which the pictures are to be. Give one of: {labels.Listing()}.", nameof(label))
                : null;
        }
        long index = IndexOf(label);
        return _ => index;
    }

    private Func<int, long> ClassesOf(IReadOnlyList<string> labels, int count, string owners)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count != count)
            throw new ArgumentException($"There are {labels.Count} labels, but {count} {owners}: each must have one.", nameof(labels));
        long[] indices = labels.Select(IndexOf).ToArray();
        return row => indices[row];
    }
}

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
    public IReadOnlyList<FoundNoise> FindNoise(IReadOnlyList<MLImage> images, LatentProjectionOptions? options = null, string? label = null)
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
    public IReadOnlyList<FoundNoise> FindNoise(IReadOnlyList<MLImage> images, IReadOnlyList<string> labels, LatentProjectionOptions? options = null)
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
        string errorColumnName = "Error", LatentProjectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        DcganEstimator.Options.RequireName(nameof(imageColumnName), imageColumnName, $"\"{DcganEstimator.Defaults.ImageColumnName}\"");
        DcganEstimator.Options.RequireName(nameof(errorColumnName), errorColumnName, "\"Error\"");
        CheckUsable();
        var pictures = new LabelledImages(ImageColumn.OfModel(imageColumnName, _networks.Shape), _generation.Labels);
        var withNoise = new BatchedView(new FoundNoiseColumn(_networks, pictures, NoiseColumnName, (options ?? new LatentProjectionOptions()).Validated()), images);
        return new BatchedView(new ReconstructionErrorColumn(_networks, pictures, _generation.Noise, errorColumnName, _generation.BatchSize), withNoise);
    }

    private List<FoundNoise> Find(IReadOnlyList<MLImage> images, LatentProjectionOptions? options, Func<int, long>? classOf)
    {
        LatentProjectionOptions settings = (options ?? new LatentProjectionOptions()).Validated();
        CheckUsable();
        byte[][] pixels = images.Select((image, i) => Pixels(image, i)).ToArray();
        var search = new LatentProjection(_networks, settings);
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
            ImagePixelReader.Read(image, format, pixels);
        }
        catch (InvalidOperationException wrong)
        {
            throw new ArgumentException($"Image {index}: {wrong.Message}", "images", wrong);
        }
        return pixels;
    }
}
