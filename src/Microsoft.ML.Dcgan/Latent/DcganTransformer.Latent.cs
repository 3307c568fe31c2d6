using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
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
