using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan;

/// <summary>All of a model but its weights, as its JSON holds it.</summary>
internal sealed record ModelDescription
{
    /// <summary>The highest that is read.</summary>
    public const int CurrentFormatVersion = 1;

    public static readonly JsonTypeInfo<ModelDescription> Json = StoredJson.Describe<ModelDescription>(ModelJson.Default);

    // What errors call it.
    private static readonly string _name = ModelArchive.InModelFile(ModelArchive.DescriptionName);

    public int FormatVersion { get; init; } = CurrentFormatVersion;

    public required DcganModelKind Kind { get; init; }

    public required NetworkShape Network { get; init; }

    /// <summary>What a generator has, and only a generator.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GenerationDescription? Generation { get; init; }

    /// <summary>What the others have.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DiscriminationDescription? Discrimination { get; init; }

    public required DcganEstimator.Options Options { get; init; }

    public required TrainingSummary Summary { get; init; }

    /// <param name="shape">What decides the networks.</param>
    /// <param name="options">What they were trained with.</param>
    /// <param name="labels">The classes, if any.</param>
    /// <param name="summary">What the training did.</param>
    public static ModelDescription OfGenerator(NetworkShape shape, DcganEstimator.Options options, LabelColumn? labels,
        TrainingSummary summary) => new()
        {
            Kind = DcganModelKind.Generator,
            Network = shape,
            Generation = new GenerationDescription(options.OutputColumnName, options.NoiseColumnName, options.GenerationSeed,
                options.GenerationBatchSize, LabelDescription.Of(labels)),
            Options = options.Stored(),
            Summary = summary,
        };

    /// <summary>All that it was trained with, as far as the file says.</summary>
    public DcganEstimator.Options ToOptions()
    {
        DcganEstimator.Options options = Network.ApplyTo(Options);
        return Generation is null ? options with { OutputColumnName = "Generated" } : options with
        {
            OutputColumnName = Generation.OutputColumnName,
            NoiseColumnName = Generation.NoiseColumnName,
            GenerationSeed = Generation.Seed,
            GenerationBatchSize = Generation.BatchSize,
            LabelColumnName = Generation.Labels?.ColumnName,
        };
    }

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, Json);

    /// <exception cref="FormatException">The JSON is damaged, from a newer version, or describes no possible model.</exception>
    public static ModelDescription Read(Stream stream)
    {
        ReadOnlySequence<byte> json = BoundedStream.ReadToEnd(stream, StoredJson.LargestSize, _name);
        try
        {
            CheckVersion(json);
            ModelDescription description = StoredJson.Read(json, Json)
                ?? throw new FormatException($"{_name} is empty.");
            description.Check();
            return description;
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException or NotSupportedException)
        {
            throw new FormatException($"{_name} is damaged: {failure.Message}", failure);
        }
    }

    // Before the rest is read: a newer version may have changed any of it.
    private static void CheckVersion(ReadOnlySequence<byte> json)
    {
        int version = Version(json) ?? throw new FormatException($"{_name} has no formatVersion: it is no DCGAN model.");
        if (version > CurrentFormatVersion)
        {
            throw new FormatException($"The model file is of format version {version}, but this version of Microsoft.ML.Dcgan reads " +
                $"versions up to {CurrentFormatVersion}. Update the Microsoft.ML.Dcgan package.");
        }
    }

    private static int? Version(ReadOnlySequence<byte> json)
    {
        Utf8JsonReader reader = StoredJson.Reader(json);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("formatVersion"))
                return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int version) ? version : null;
        }
        return null;
    }

    // What the estimator would not have accepted, no file may bring in either.
    private void Check()
    {
        if (!Enum.IsDefined(Kind))
            throw new FormatException($"{_name} is of kind {Kind}, which this version of Microsoft.ML.Dcgan does not know.");
        Require(Network, "network");
        Require(Options, "options");
        Require(Summary, "summary");
        if (Network.Classes is < 0 or > NetworkShape.MostClasses)
            throw Damaged($"has {Network.Classes} classes, but from 0 to {NetworkShape.MostClasses} are expected");
        var standard = new DcganEstimator.Options { OutputColumnName = "Generated", Precision = Options.Precision };
        DcganEstimator.Options options = Network.ApplyTo(standard);
        if (Kind == DcganModelKind.Generator)
        {
            Require(Generation, "generation");
            options.OutputColumnName = Generation.OutputColumnName;
            options.NoiseColumnName = Generation.NoiseColumnName;
            options.GenerationBatchSize = Generation.BatchSize;
            options.LabelColumnName = Generation.Labels is { } labels ? labels.ColumnName ?? "" : null;
            if ((Generation.Labels == null) != (Network.Classes == 0))
            {
                string column = Generation.Labels == null ? "no column" : "a column";
                throw Damaged($"has networks of {Network.Classes} classes, but {column} of labels");
            }
            Generation.Labels?.Column(Network.Classes);
        }
        else
        {
            Require(Discrimination, "discrimination");
            options.ImageColumnName = Discrimination.InputColumnName;
            options.GenerationBatchSize = Discrimination.BatchSize;
            DcganModel.RequireName("OutputColumnName", Discrimination.OutputColumnName, "\"Features\"");
        }
        _ = options.Validated();
    }

    private static void Require([NotNull] object? part, string name)
    {
        if (part == null)
            throw Damaged($"has no {name}");
    }

    internal static FormatException Damaged(string what) => new($"{_name} {what}: it is damaged.");
}

[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(DcganEstimator.Options), TypeInfoPropertyName = "TrainingOptions")]
internal sealed partial class ModelJson : JsonSerializerContext;

/// <summary>How a model generates.</summary>
/// <param name="OutputColumnName">The column of generated images.</param>
/// <param name="NoiseColumnName">The column of noise vectors.</param>
/// <param name="Seed">The seed of noise where there is no such column.</param>
/// <param name="BatchSize">Images generated at once.</param>
/// <param name="Labels">What classes there are, if any.</param>
internal sealed record GenerationDescription(string OutputColumnName, string NoiseColumnName, int Seed, int BatchSize,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LabelDescription? Labels = null)
{
    public NoiseColumn Noise(NetworkShape shape) => new(NoiseColumnName, shape.NoiseSize, Seed) { Distribution = shape.NoiseDistribution };
}

/// <summary>How a discriminator is used.</summary>
/// <param name="OutputColumnName">The column of features or scores.</param>
/// <param name="InputColumnName">The column of images.</param>
/// <param name="BatchSize">Images taken at once.</param>
internal sealed record DiscriminationDescription(string OutputColumnName, string InputColumnName, int BatchSize);

/// <summary>The classes of a model.</summary>
/// <param name="ColumnName">The column of labels.</param>
/// <param name="ValueType">The type of what its keys stand for; null where they stand for nothing.</param>
/// <param name="Values">What they stand for, as culture-invariant texts, that of key 1 first.</param>
internal sealed record LabelDescription(
    string ColumnName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DataKind? ValueType,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Values)
{
    [return: NotNullIfNotNull(nameof(labels))]
    public static LabelDescription? Of(LabelColumn? labels) => labels == null ? null
        : labels.ValueType is { } type ? new(labels.Name, type.Kind, labels.Classes)
        : new(labels.Name, null, null);

    /// <param name="classes">How many classes the networks know.</param>
    /// <exception cref="FormatException">There are more values, or fewer, or of no type.</exception>
    /// <exception cref="ArgumentException">A value occurs twice, or is not of its type.</exception>
    public LabelColumn Column(int classes)
    {
        if (ValueType == null && Values == null)
            return new LabelColumn(ColumnName, null, LabelColumn.Numbers(classes));
        if (ValueType is not { } kind || !KeyValueType.All.TryGetValue(kind, out KeyValueType? type))
        {
            string found = ValueType?.ToString() ?? "null";
            throw ModelDescription.Damaged($"has classes of type {found}, but text, numbers or booleans are expected");
        }
        if (Values == null || Values.Count != classes)
            throw ModelDescription.Damaged($"names {Values?.Count ?? 0} classes, but its networks have {classes}");
        return new LabelColumn(ColumnName, type, Values);
    }
}
