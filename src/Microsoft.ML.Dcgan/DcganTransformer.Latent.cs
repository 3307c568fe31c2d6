using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Latent;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan;

public sealed partial class DcganTransformer
{
    /// <summary>What noise it was trained on.</summary>
    public DcganNoise NoiseDistribution => Networks.Shape.NoiseDistribution;

    /// <summary>The vectors of <see cref="SampleNoise"/>, to compute with: see <see cref="LatentVectors"/>.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">The same seed gives the same vectors, on any machine; vector i does not depend on the count.</param>
    /// <param name="first">Of which vector on, 0 or more: those before it are not drawn.</param>
    /// <returns>Vectors of <see cref="NoiseSize"/> numbers, which are the caller's.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> or <paramref name="first"/> is negative.</exception>
    public IReadOnlyList<float[]> DrawNoise(int count, int seed = 0, int first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        return RowNoise.Draw(count, NoiseSize, seed, NoiseDistribution, first);
    }

    /// <summary>A view of noise vectors, a row each, for <see cref="DcganModel.Transform"/>.</summary>
    /// <param name="noise">Vectors of <see cref="NoiseSize"/> finite numbers; they are copied. None is an empty view.</param>
    /// <param name="labels">Of <see cref="Classes"/>, one for all or one for each; null where the model was trained without.</param>
    /// <exception cref="ArgumentException">A vector is of another size or not finite; labels are missing, more or fewer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public IDataView NoiseView(IReadOnlyList<float[]> noise, IReadOnlyList<string>? labels = null)
    {
        CheckNoise(noise);
        return NoiseSamples.View(_noise, [.. noise.Select(vector => (float[])vector.Clone())], _labels, ClassesOf(labels, noise.Count));
    }

    /// <summary>Generates the pictures of noise vectors, one for each.</summary>
    /// <inheritdoc cref="NoiseView"/>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IReadOnlyList<GeneratedImage> Generate(IReadOnlyList<float[]> noise, IReadOnlyList<string>? labels = null)
    {
        CheckNoise(noise);
        return Generate(noise, ClassesOf(labels, noise.Count));
    }

    /// <summary>Directions that change pictures most, by the generator's first layer (Shen and Zhou 2021): add -3 to 3 times.</summary>
    /// <param name="count">How many, from 1 to <see cref="NoiseSize"/>, the strongest first.</param>
    /// <returns>Vectors of length 1, at right angles to each other.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of its range.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IReadOnlyList<float[]> PrincipalDirections(int count)
    {
        if (count < 1 || count > NoiseSize)
        {
            throw new ArgumentOutOfRangeException(nameof(count),
                $"{count} directions are asked for, but there are from 1 to {NoiseSize}, as many as numbers in a noise vector.");
        }
        CheckUsable();
        return LibTorchErrors.InOneSentence("Finding directions", () => Latent.PrincipalDirections.Compute(Networks, count));
    }

    private void CheckNoise(IReadOnlyList<float[]> noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        for (int i = 0; i < noise.Count; i++)
            LatentVectors.CheckVector(noise[i], $"Noise vector {i}", nameof(noise), NoiseSize, "this model's DrawNoise gives");
    }

    // One class for all, or each its own.
    private Func<int, long>? ClassesOf(IReadOnlyList<string>? labels, int count)
    {
        if (labels == null)
        {
            return _labels is { } known
                ? throw new ArgumentException("This model was trained on classes, and no label says of which the pictures are to be. " +
                    $"Give one of: {known.Listing()}.", nameof(labels))
                : null;
        }
        if (labels.Count != count && labels.Count != 1)
        {
            throw new ArgumentException(
                $"There are {labels.Count} labels, but {count} noise vectors: give one for all, or one for each.", nameof(labels));
        }
        long[] indices = labels.Select(IndexOf).ToArray();
        return row => indices[indices.Length == 1 ? 0 : row];
    }

    /// <summary>Finds noise whose generated pictures are as near as can be to given ones, by gradient descent through the generator (Lipton
    /// and Tripathi 2017; Creswell and Bharath 2018). Adds to a view of images each one's noise, in a column <see cref="NoiseColumnName"/>,
    /// so that <see cref="DcganModel.Transform"/> makes the reconstructions; and how these differ. With classes, the view must have the
    /// column <see cref="LabelColumnName"/>. Each cursor searches anew: <c>mlContext.Data.Cache</c> keeps what it found.</summary>
    /// <param name="images">The view.</param>
    /// <param name="imageColumnName">Its column of images: of <see cref="DcganModel.ImageWidth"/> x <see cref="DcganModel.ImageHeight"/>
    /// pixels, or vectors of as many pixels in [-1, 1], planes first.</param>
    /// <param name="errorColumnName">A column to add with the mean squared errors of pixels in [0, 1], of type Single.</param>
    /// <param name="options">How to search; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a wrong type or size; an option is no good.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IDataView FindNoise(IDataView images, string imageColumnName = DcganEstimator.Defaults.ImageColumnName,
        string errorColumnName = "Error", LatentProjectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        RequireName(nameof(imageColumnName), imageColumnName, $"\"{DcganEstimator.Defaults.ImageColumnName}\"");
        RequireName(nameof(errorColumnName), errorColumnName, "\"Error\"");
        CheckUsable();
        LatentProjectionOptions search = OptionsSchema<LatentProjectionOptions>.Validated(options ?? new());
        var projection = new LatentProjection(Networks, search);
        var inputs = new RowInputs(ImageColumn.OfModel(imageColumnName, Networks.Shape), Labels: _labels);
        BatchedColumn noise = BatchedColumn.OfVectors(NoiseColumnName, inputs, search.BatchSize, NoiseSize,
            rows => projection.Find(rows.Pixels, rows.Labels));
        BatchedColumn error = BatchedColumn.OfNumbers(errorColumnName, inputs with { Noise = _noise }, Description.BatchSize,
            rows => LatentProjection.Errors(_generator.Value, rows.Pixels, rows.Noise, rows.Labels));
        return new BatchedView(error, new BatchedView(noise, images));
    }
}
