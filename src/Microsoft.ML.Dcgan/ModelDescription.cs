using System.Text.Json;
using System.Text.Json.Serialization;
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

    // What errors call it.
    private static readonly string _name = ModelArchive.InModelFile(ModelArchive.DescriptionName);

    public int FormatVersion { get; init; } = CurrentFormatVersion;

    public required DcganModelKind Kind { get; init; }

    public required NetworkShape Network { get; init; }

    /// <summary>The column that it adds: images, features or scores.</summary>
    public required string OutputColumnName { get; init; }

    /// <summary>The column that it reads: noise, or a discriminator's images.</summary>
    public required string InputColumnName { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>The seed of noise where there is no column of it.</summary>
    public int NoiseSeed { get; init; }

    /// <summary>What classes a generator has, if any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LabelDescription? Labels { get; init; }

    public required DcganEstimator.Options Options { get; init; }

    public required TrainingSummary Summary { get; init; }

    public static ModelDescription OfGenerator(NetworkShape shape, DcganEstimator.Options options, LabelDescription? labels,
        TrainingSummary summary) => new()
        {
            Kind = DcganModelKind.Generator,
            Network = shape,
            OutputColumnName = options.OutputColumnName,
            InputColumnName = options.NoiseColumnName,
            BatchSize = options.GenerationBatchSize,
            NoiseSeed = options.GenerationSeed,
            Labels = labels,
            Options = options.Stored(),
            Summary = summary,
        };

    /// <summary>All that it was trained with, as far as the file says.</summary>
    public DcganEstimator.Options ToOptions() => ApplyTo(Options);

    public void Write(Stream stream) => StoredJson.Write(stream, this);

    /// <exception cref="FormatException">The JSON is damaged, from a newer version, or describes no possible model.</exception>
    public static ModelDescription Read(Stream stream)
    {
        byte[] json = BoundedStream.ReadToEnd(stream, StoredJson.LargestSize, _name);
        try
        {
            // Before the rest is read: a newer version may have changed any of it.
            int version = StoredJson.Read<VersionDescription>(json)?.FormatVersion
                ?? throw new FormatException($"{_name} has no formatVersion: it is no DCGAN model.");
            if (version > CurrentFormatVersion)
            {
                throw new FormatException($"The model file is of format version {version}, but this version of Microsoft.ML.Dcgan reads " +
                    $"versions up to {CurrentFormatVersion}. Update the Microsoft.ML.Dcgan package.");
            }
            ModelDescription description = StoredJson.Read<ModelDescription>(json)!;
            description.Check();
            return description;
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException or NotSupportedException)
        {
            throw new FormatException($"{_name} is damaged: {failure.Message}", failure);
        }
    }

    // What the estimator would not have accepted, no file may bring in either.
    private void Check()
    {
        if (!Enum.IsDefined(Kind))
            throw new FormatException($"{_name} is of kind {Kind}, which this version of Microsoft.ML.Dcgan does not know.");
        if (Network == null || Options == null || Summary == null)
            throw Damaged($"has no {(Network == null ? "network" : Options == null ? "options" : "summary")}");
        if (Network.Classes is < 0 or > NetworkShape.MostClasses)
            throw Damaged($"has {Network.Classes} classes, but from 0 to {NetworkShape.MostClasses} are expected");
        DcganEstimator.Options options = ApplyTo(new() { Precision = Options.Precision });
        if (Kind == DcganModelKind.Generator)
        {
            options.LabelColumnName = Labels == null ? null : Labels.ColumnName ?? "";
            if ((Labels == null) != (Network.Classes == 0))
                throw Damaged($"has networks of {Network.Classes} classes, but {(Labels == null ? "no column" : "a column")} of labels");
            Labels?.Column(Network.Classes);
        }
        else
        {
            (options.ImageColumnName, options.GenerationBatchSize) = (InputColumnName, BatchSize);
            DcganModel.RequireName(nameof(OutputColumnName), OutputColumnName, "\"Features\"");
        }
        _ = options.Validated();
    }

    private DcganEstimator.Options ApplyTo(DcganEstimator.Options options)
    {
        options = Network.ApplyTo(options);
        if (Kind != DcganModelKind.Generator)
            return options with { OutputColumnName = DcganEstimator.Defaults.OutputColumnName };
        return options with
        {
            OutputColumnName = OutputColumnName,
            NoiseColumnName = InputColumnName,
            GenerationSeed = NoiseSeed,
            GenerationBatchSize = BatchSize,
            LabelColumnName = Labels?.ColumnName,
        };
    }

    internal static FormatException Damaged(string what) => new($"{_name} {what}: it is damaged.");
}

/// <summary>As much of a <see cref="ModelDescription"/> as every version of the format has.</summary>
internal sealed record VersionDescription(int? FormatVersion);

/// <summary>The classes of a model.</summary>
/// <param name="ColumnName">The column of labels.</param>
/// <param name="ValueType">The type of what its keys stand for; null where they stand for nothing.</param>
/// <param name="Values">What they stand for, as culture-invariant texts, that of key 1 first.</param>
internal sealed record LabelDescription(
    string ColumnName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DataKind? ValueType,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Values)
{
    public static LabelDescription? Of(LabelColumn? labels) => labels == null ? null
        : new(labels.Name, labels.ValueType?.Kind, labels.ValueType == null ? null : labels.Classes);

    /// <exception cref="FormatException">There are more values, or fewer, or of no type.</exception>
    /// <exception cref="ArgumentException">A value occurs twice, or is not of its type.</exception>
    public LabelColumn Column(int classes)
    {
        if (ValueType == null && Values == null)
            return new LabelColumn(ColumnName, null, LabelColumn.Numbers(classes));
        if (!KeyValueType.All.TryGetValue(ValueType.GetValueOrDefault(), out KeyValueType? type))
        {
            throw ModelDescription.Damaged(
                $"has classes of type {ValueType?.ToString() ?? "null"}, but text, numbers or booleans are expected");
        }
        if (Values == null || Values.Count != classes)
            throw ModelDescription.Damaged($"names {Values?.Count ?? 0} classes, but its networks have {classes}");
        return new LabelColumn(ColumnName, type, Values);
    }
}
