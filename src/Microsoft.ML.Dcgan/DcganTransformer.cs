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
    private readonly GanNetworks _networks;
    private readonly NoiseColumn _noise;
    private readonly LabelColumn? _labels;
    private readonly int _batchSize;

    /// <summary>Takes the networks over.</summary>
    internal DcganTransformer(GanNetworks networks, ModelDescription description)
        : this(networks, description, new NoiseColumn(description.InputColumnName, networks.Shape.NoiseSize, description.NoiseSeed)
        {
            Distribution = networks.Shape.NoiseDistribution,
        }, description.Labels?.Column(networks.Shape.Classes))
    {
    }

    private DcganTransformer(GanNetworks networks, ModelDescription description, NoiseColumn noise, LabelColumn? labels)
        : base(NetworkColumns.Generated(networks, noise, labels, description.OutputColumnName, description.BatchSize), description,
            (ModelArchive.GeneratorName, networks.Generator), (ModelArchive.DiscriminatorName, networks.Discriminator)) =>
        (_networks, _noise, _labels, _batchSize) = (networks, noise, labels, description.BatchSize);

    /// <summary>The column of noise vectors that <see cref="DcganModel.Transform"/> reads where the data has it.</summary>
    public string NoiseColumnName => _noise.Name;

    /// <summary>Numbers in a noise vector.</summary>
    public int NoiseSize => _networks.Shape.NoiseSize;

    /// <summary>The column of classes that <see cref="DcganModel.Transform"/> reads; null if it was trained without. Either keys, or what
    /// the keys of the training set stood for, as text or numbers. Keys that stand for values are found by value, so they may be counted in
    /// another order or be fewer; those that do not must be as many as <see cref="Classes"/>.</summary>
    public string? LabelColumnName => _labels?.Name;

    /// <summary>What it was trained to tell apart, that of key 1 first: the keys' values as culture-invariant text, or numbers; or none.</summary>
    public IReadOnlyList<string> Classes => _labels?.Classes ?? [];

    internal GanNetworks Networks => _networks;

    /// <summary>Draws noise vectors, a row each, in a column <see cref="NoiseColumnName"/>; with classes, <see cref="LabelColumnName"/>
    /// beside it, of keys.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">The same seed gives the same vectors, on any machine; row i does not depend on <paramref name="count"/>.</param>
    /// <param name="label">One of <see cref="Classes"/>, which all rows are of; null: row i is of class i modulo their number.</param>
    /// <returns>A view whose noise is of type vector of Single of size <see cref="NoiseSize"/>, each number from N(0, 1), or from [-1, 1)
    /// where it was trained on <see cref="DcganNoise.Uniform"/> noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative, or there is no such class.</exception>
    public IDataView SampleNoise(int count, int seed = 0, string? label = null) => View(DrawNoise(count, seed), ClassOrTurns(label));

    /// <summary>Generates the pictures that <see cref="DcganModel.Transform"/> makes of the same <see cref="SampleNoise"/>.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">The seed of the noise: the same seed gives the same pictures, and more of them go on from there.</param>
    /// <param name="label">One of <see cref="Classes"/>, which all pictures are of; null lets classes take turns.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative, or there is no such class.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IReadOnlyList<GeneratedImage> Generate(int count, int seed = 0, string? label = null) =>
        Generate(DrawNoise(count, seed), ClassOrTurns(label));

    /// <summary>The discriminator's view of images, as a transformer to train a linear model on (Radford, Metz and Chintala 2015, section
    /// 5.1). It copies the weights, so it lives on when this transformer is disposed, and is disposed by itself.</summary>
    /// <param name="outputColumnName">The column of features that it adds, of type vector of Single.</param>
    /// <param name="inputColumnName">The column of images that it reads: images of <see cref="DcganModel.ImageWidth"/> x
    /// <see cref="DcganModel.ImageHeight"/> pixels, or vectors of as many pixels in [-1, 1], planes first.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column name is empty.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public DcganFeaturizer Featurizer(string outputColumnName = "Features",
        string inputColumnName = DcganEstimator.Defaults.ImageColumnName)
    {
        ModelDescription description = Discrimination(DcganModelKind.Featurizer, outputColumnName, inputColumnName, "\"Features\"");
        return new DcganFeaturizer(CopyOfDiscriminator(), description);
    }

    /// <summary>The discriminator's probability that an image is real, as a transformer, for finding anomalies. It copies the weights, so
    /// it lives on when this transformer is disposed, and is disposed by itself.</summary>
    /// <param name="outputColumnName">The column of probabilities that it adds, of type Single.</param>
    /// <param name="inputColumnName">The column of images that it reads, as for <see cref="Featurizer"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column name is empty.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public DcganRealnessScorer RealnessScorer(string outputColumnName = "Realness",
        string inputColumnName = DcganEstimator.Defaults.ImageColumnName)
    {
        ModelDescription description = Discrimination(DcganModelKind.RealnessScorer, outputColumnName, inputColumnName, "\"Realness\"");
        return new DcganRealnessScorer(CopyOfDiscriminator(), description);
    }

    private Discriminator CopyOfDiscriminator() =>
        LibTorchErrors.InOneSentence("Copying the discriminator", () => Discriminator.CopyOf(_networks));

    private List<GeneratedImage> Generate(IReadOnlyList<float[]> noise, Func<int, long>? classOf)
    {
        CheckUsable();
        var images = new List<GeneratedImage>(noise.Count);
        foreach (float[][] batch in noise.Chunk(_batchSize))
        {
            long[]? labels = classOf == null ? null : Enumerable.Range(images.Count, batch.Length).Select(classOf).ToArray();
            float[] vectors = [.. batch.SelectMany(vector => vector)];
            byte[] pixels = LibTorchErrors.InOneSentence("Generating", () => NetworkColumns.Render(_networks, vectors, labels));
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
            : _networks.Shape.Classes == shape.Classes ? null
            : $"{_networks.Shape.Classes} classes, but the options and the images ask for {shape.Classes}";
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

    private ModelDescription Discrimination(DcganModelKind kind, string outputColumnName, string inputColumnName, string example)
    {
        RequireName(nameof(outputColumnName), outputColumnName, example);
        RequireName(nameof(inputColumnName), inputColumnName, $"\"{DcganEstimator.Defaults.ImageColumnName}\"");
        CheckUsable();
        return Description with
        {
            Kind = kind,
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            NoiseSeed = 0,
            Labels = null,
        };
    }
}
