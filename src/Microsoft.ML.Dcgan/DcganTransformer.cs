using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan;

/// <summary>A trained DCGAN: adds to a view a column of generated images, one from each row's noise vector. Where the view has no noise
/// column, each row's noise is drawn from the option GenerationSeed and the row's id. Trained on classes (see
/// <see cref="DcganEstimator.Options.LabelColumnName"/>), it reads each row's class too, and that column must be there.</summary>
[TypeFormatterSource(typeof(NotebookPictures), PreferredMimeTypes = ["text/html"])]
public sealed partial class DcganTransformer : DcganModel
{
    // When it is first used: the weights of a model that is loaded come after this.
    private readonly Lazy<FoldedGenerator> _generator;
    private readonly NoiseColumn _noise;
    private readonly LabelColumn? _labels;

    /// <summary>Takes the networks over.</summary>
    internal DcganTransformer(GanNetworks networks, ModelDescription description)
        : this(networks, new(() => new FoldedGenerator(networks)), description,
            new(description.InputColumnName, networks.Shape.NoiseSize, description.NoiseSeed, networks.Shape.NoiseDistribution),
            description.Labels?.Column(networks.Shape.Classes))
    {
    }

    private DcganTransformer(GanNetworks networks, Lazy<FoldedGenerator> generator, ModelDescription description, NoiseColumn noise,
        LabelColumn? labels)
        : base(NetworkColumns.Generated(networks.Shape, generator, noise, labels, description.OutputColumnName, description.BatchSize),
            description, (ModelArchive.GeneratorName, networks.Generator), (ModelArchive.DiscriminatorName, networks.Discriminator)) =>
        (Networks, _generator, _noise, _labels) = (networks, generator, noise, labels);

    /// <summary>The column of noise vectors that <see cref="DcganModel.Transform"/> reads where the data has it.</summary>
    public string NoiseColumnName => _noise.Name;

    /// <summary>Numbers in a noise vector.</summary>
    public int NoiseSize => Networks.Shape.NoiseSize;

    /// <summary>The column of classes that <see cref="DcganModel.Transform"/> reads: keys, or what they stood for; null if trained without.
    /// Keys that stand for values are found by value, in any order; others must be as many as <see cref="Classes"/>.</summary>
    public string? LabelColumnName => _labels?.Name;

    /// <summary>What it was trained to tell apart, that of key 1 first: the keys' values as invariant text, or their numbers.</summary>
    public IReadOnlyList<string> Classes => _labels?.Classes ?? [];

    internal GanNetworks Networks { get; }

    /// <summary>Draws noise vectors, a row each, in a column <see cref="NoiseColumnName"/>; with classes, <see cref="LabelColumnName"/>
    /// beside it, of keys.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">The same seed gives the same vectors, on any machine; row i does not depend on <paramref name="count"/>.</param>
    /// <param name="label">One of <see cref="Classes"/>, which all rows are of; null: row i is of class i modulo their number.</param>
    /// <returns>A view with vectors of Single of size <see cref="NoiseSize"/>: N(0, 1), or [-1, 1) after uniform noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative, or there is no such class.</exception>
    public IDataView SampleNoise(int count, int seed = 0, string? label = null) =>
        NoiseSamples.View(_noise, DrawNoise(count, seed), _labels, ClassOrTurns(label));

    /// <summary>Generates the pictures that <see cref="DcganModel.Transform"/> makes of the same <see cref="SampleNoise"/>.</summary>
    /// <inheritdoc cref="SampleNoise" path="/param"/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative, or there is no such class.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IReadOnlyList<GeneratedImage> Generate(int count, int seed = 0, string? label = null) =>
        Generate(DrawNoise(count, seed), ClassOrTurns(label));

    /// <summary>The discriminator's features, to train a linear model on; it has weights of its own and is disposed by itself.</summary>
    /// <param name="outputColumnName">The column that it adds, of features of type vector of Single.</param>
    /// <param name="inputColumnName">Its input: images of the size trained on, or vectors of their pixels in [-1, 1], planes first.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column name is empty.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public DcganFeaturizer Featurizer(string outputColumnName = "Features",
        string inputColumnName = DcganEstimator.Defaults.ImageColumnName) =>
        new(Copy(DcganModelKind.Featurizer, outputColumnName, inputColumnName, "\"Features\"", out ModelDescription description),
            description);

    /// <summary>How real the discriminator holds an image to be, from 0 to 1, for finding anomalies: a column of type Single.</summary>
    /// <inheritdoc cref="Featurizer"/>
    public DcganRealnessScorer RealnessScorer(string outputColumnName = "Realness",
        string inputColumnName = DcganEstimator.Defaults.ImageColumnName) =>
        new(Copy(DcganModelKind.RealnessScorer, outputColumnName, inputColumnName, "\"Realness\"", out ModelDescription description),
            description);

    private protected override void DisposeNetworks()
    {
        base.DisposeNetworks();
        if (_generator.IsValueCreated)
            _generator.Value.Dispose();
    }

    private List<GeneratedImage> Generate(IReadOnlyList<float[]> noise, Func<int, long>? classOf)
    {
        CheckUsable();
        var images = new List<GeneratedImage>(noise.Count);
        foreach (float[][] batch in noise.Chunk(Description.BatchSize))
        {
            long[]? labels = classOf == null ? null : Enumerable.Range(images.Count, batch.Length).Select(classOf).ToArray();
            float[] vectors = [.. batch.SelectMany(vector => vector)];
            byte[] pixels = LibTorchErrors.InOneSentence("Generating", () => NetworkColumns.Render(_generator.Value, vectors, labels));
            images.AddRange(GeneratedImage.Split(pixels, ImageWidth, ImageHeight));
        }
        return images;
    }

    private Func<int, long>? ClassOrTurns(string? label)
    {
        if (label == null)
            return _labels is { } labels ? row => row % labels.Classes.Count : null;
        long index = IndexOf(label);
        return _ => index;
    }

    private long IndexOf(string label)
    {
        LabelColumn labels = _labels
            ?? throw new ArgumentOutOfRangeException(nameof(label), $"A picture of '{label}' is asked for, but this model was trained " +
                "without classes. Set LabelColumnName to train on them, or leave the label out.");
        int index = labels.IndexOf(label);
        return index >= 0 ? index
            : throw new ArgumentOutOfRangeException(nameof(label), $"There is no class '{label}'. The classes are: {labels.Listing()}.");
    }

    /// <exception cref="ArgumentOutOfRangeException">This model has other networks or classes.</exception>
    internal void RequireSame(NetworkShape shape, LabelColumn? labels)
    {
        CheckUsable();
        DcganEstimator.Options trained = Options, asked = shape.ApplyTo(trained);
        string? difference = OptionsSchema<DcganEstimator.Options>.Difference(trained, asked, _ => true) is { } option
            ? $"{option.Name} {option.TextOf(trained)}, but the options and the images ask for {option.TextOf(asked)}"
            : Networks.Shape.Classes == shape.Classes ? null
            : $"{Networks.Shape.Classes} classes, but the options and the images ask for {shape.Classes}";
        if (difference != null)
        {
            throw new ArgumentOutOfRangeException("initialModel", $"The initial model has {difference}. " +
                "Give the options the model's values, and resize the images to its size; or train a new model.");
        }
        if (labels != null && !labels.Classes.SequenceEqual(Classes))
        {
            throw new ArgumentOutOfRangeException("initialModel",
                $"The initial model has the classes {_labels!.Listing()}, but column '{labels.Name}' has {labels.Listing()}. " +
                "Make keys of the same values in the same order: MapValueToKey takes them as keyData.");
        }
    }

    private Discriminator Copy(DcganModelKind kind, string outputColumnName, string inputColumnName, string example,
        out ModelDescription description)
    {
        RequireName(nameof(outputColumnName), outputColumnName, example);
        RequireName(nameof(inputColumnName), inputColumnName, $"\"{DcganEstimator.Defaults.ImageColumnName}\"");
        CheckUsable();
        description = Description with
        {
            Kind = kind,
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            NoiseSeed = 0,
            Labels = null,
        };
        return LibTorchErrors.InOneSentence("Copying the discriminator", () => Discriminator.CopyOf(Networks));
    }
}
