using System;
using System.Collections.Generic;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Persistence;

namespace Microsoft.ML.Dcgan;

/// <summary>
/// A trained DCGAN: adds to a view a column of generated images, one from each row's noise vector. Where the view has no
/// noise column, each row's noise is drawn from the option GenerationSeed and the row's id.
/// </summary>
public sealed class DcganTransformer : DcganModel
{
    private readonly GanNetworks _networks;
    private readonly GeneratedColumn _generation;

    /// <summary>Takes the networks over.</summary>
    internal DcganTransformer(GanNetworks networks, ModelDescription description)
        : this(networks, description, description.Generation!)
    {
    }

    private DcganTransformer(GanNetworks networks, ModelDescription description, GenerationDescription generation)
        : this(networks, description, new GeneratedColumn(networks,
            NoiseColumn.Of(description.Network, generation.NoiseColumnName, generation.Seed), generation.OutputColumnName, generation.BatchSize))
    {
    }

    private DcganTransformer(GanNetworks networks, ModelDescription description, GeneratedColumn generation)
        : base(generation, description, (ModelArchive.GeneratorName, networks.Generator), (ModelArchive.DiscriminatorName, networks.Discriminator))
    {
        _networks = networks;
        _generation = generation;
    }

    /// <summary>The column of noise vectors that <see cref="DcganModel.Transform"/> reads where the data has it.</summary>
    public string NoiseColumnName => _generation.Noise.Name;

    /// <summary>Numbers in a noise vector.</summary>
    public int NoiseSize => _networks.Shape.NoiseSize;

    internal GanNetworks Networks => _networks;

    /// <summary>Draws noise vectors, a row each, in a column named <see cref="NoiseColumnName"/>.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">The same seed gives the same vectors, on any machine; row i does not depend on <paramref name="count"/>.</param>
    /// <returns>A view of one column, of type vector of Single of size <see cref="NoiseSize"/>, each number from N(0, 1), or from [-1, 1) where
    /// it was trained on <see cref="DcganNoise.Uniform"/> noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public IDataView SampleNoise(int count, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return NoiseSamples.View(_generation.Noise, count, seed);
    }

    /// <summary>Generates images, those that <see cref="DcganModel.Transform"/> makes of <see cref="SampleNoise"/> of the same arguments.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">The seed of the noise.</param>
    /// <returns>The images, in 32 bits a pixel, which the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IReadOnlyList<MLImage> Generate(int count, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        CheckUsable();
        var images = new List<MLImage>(count);
        while (images.Count < count)
        {
            int batch = Math.Min(_generation.BatchSize, count - images.Count);
            var noise = new float[batch * NoiseSize];
            for (int i = 0; i < batch; i++)
                _generation.Noise.Draw(noise.AsSpan(i * NoiseSize, NoiseSize), seed, NoiseSamples.RowId(images.Count + i));
            byte[] pixels = ImageSynthesis.Render(_networks, noise);
            for (int i = 0; i < batch; i++)
                images.Add(PictureBytes.Image(pixels, i, ImageHeight, ImageWidth));
        }
        return images;
    }

    /// <summary>
    /// The discriminator's view of images, as a transformer to train a linear model on (Radford, Metz and Chintala 2015,
    /// section 5.1). It copies the weights, so it lives on when this transformer is disposed, and is disposed by itself.
    /// </summary>
    /// <param name="outputColumnName">The column of features that it adds, of type vector of Single.</param>
    /// <param name="inputColumnName">The column of images that it reads: images of <see cref="DcganModel.ImageWidth"/> x
    /// <see cref="DcganModel.ImageHeight"/> pixels, or vectors of as many pixels in [-1, 1], planes first.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column name is empty.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public DcganFeaturizer Featurizer(string outputColumnName = "Features", string inputColumnName = DcganEstimator.Defaults.ImageColumnName)
    {
        ModelDescription description = Discrimination(ModelKind.Featurizer, outputColumnName, inputColumnName, "\"Features\"");
        return new DcganFeaturizer(TrainedDiscriminator.CopyOf(_networks), description);
    }

    /// <summary>
    /// The discriminator's probability that an image is real, as a transformer, for finding anomalies. It copies the weights,
    /// so it lives on when this transformer is disposed, and is disposed by itself.
    /// </summary>
    /// <param name="outputColumnName">The column of probabilities that it adds, of type Single.</param>
    /// <param name="inputColumnName">The column of images that it reads, as for <see cref="Featurizer"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column name is empty.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public DcganRealnessScorer RealnessScorer(string outputColumnName = "Realness", string inputColumnName = DcganEstimator.Defaults.ImageColumnName)
    {
        ModelDescription description = Discrimination(ModelKind.RealnessScorer, outputColumnName, inputColumnName, "\"Realness\"");
        return new DcganRealnessScorer(TrainedDiscriminator.CopyOf(_networks), description);
    }

    /// <exception cref="ArgumentOutOfRangeException">This model has other networks.</exception>
    internal void RequireShape(NetworkShape wanted)
    {
        CheckUsable();
        if (RecordDifference.Between(_networks.Shape, wanted) is { } difference)
        {
            throw new ArgumentOutOfRangeException("initialModel", FormattableString.Invariant(
                $"The initial model has {difference.Property} {difference.First}, but the options and the images ask for {difference.Second}. ") +
                "Give the options the model's values, and resize the images to its size; or train a new model.");
        }
    }

    private ModelDescription Discrimination(ModelKind kind, string outputColumnName, string inputColumnName, string example)
    {
        DcganEstimator.Options.RequireName(nameof(outputColumnName), outputColumnName, example);
        DcganEstimator.Options.RequireName(nameof(inputColumnName), inputColumnName, $"\"{DcganEstimator.Defaults.ImageColumnName}\"");
        CheckUsable();
        return Description with
        {
            Kind = kind,
            Generation = null,
            Discrimination = new DiscriminationDescription(outputColumnName, inputColumnName, _generation.BatchSize),
        };
    }
}
