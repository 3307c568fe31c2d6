using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.Dcgan.Tool.Options;

namespace Microsoft.ML.Dcgan.Tool.Training;

/// <summary>What a training was asked for: all that it takes to go on with it in another process.</summary>
internal sealed record RunFile
{
    public const string FileName = "run.json";
    public const string LabelColumn = "Label";
    private const int CurrentFormatVersion = 1;

    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>The folder of pictures, as a whole path.</summary>
    public required string Images { get; init; }

    public int? Count { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required bool LabelFromFolder { get; init; }

    /// <summary>The colour behind transparent pictures.</summary>
    public required string Background { get; init; }

    /// <summary>Every option that has a value, as the command line has it, defaults too: those of another version may be others.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>Whether all of its results are there.</summary>
    public bool Finished { get; init; }

    public static IReadOnlyDictionary<string, string> TextOf(DcganEstimator.Options options) =>
        TrainingOptions.Fields.Where(field => field.Text(options) != null).ToDictionary(field => field.Name, field => field.Text(options)!);

    public DcganEstimator.Options ToOptions()
    {
        DcganEstimator.Options options = TrainingOptions.Defaults();
        foreach ((string name, string text) in Options)
        {
            TrainingOption field = TrainingOptions.Fields.FirstOrDefault(field => field.Name == name)
                ?? throw new FormatException(
                    $"{FileName} has the option {name}, which this version of {CommandLineTool.Name} does not know. Update it.");
            field.Set(options, text ?? throw new FormatException($"{FileName} is damaged: it has no value of the option {name}."));
        }
        (options.ImageWidth, options.ImageHeight) = (Width, Height);
        options.LabelColumnName = LabelFromFolder ? LabelColumn : null;
        return options;
    }

    public void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FileName), [.. JsonSerializer.SerializeToUtf8Bytes(this, _json), (byte)'\n']);

    /// <exception cref="UsageException">There is none in the folder.</exception>
    /// <exception cref="FormatException">It is damaged, or newer than this program.</exception>
    public static RunFile Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new UsageException($"'{folder}' has no {FileName}: it is no folder that '{CommandLineTool.Name} train' wrote to");
        try
        {
            RunFile run = JsonSerializer.Deserialize<RunFile>(File.ReadAllText(path), _json) ?? throw new JsonException("it is empty");
            return run.FormatVersion <= CurrentFormatVersion
                ? run
                : throw new FormatException($"'{path}' is of format version {run.FormatVersion}, " +
                    $"but this version of {CommandLineTool.Name} reads up to {CurrentFormatVersion}. Update it.");
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"'{path}' is damaged: {wrong.Message}", wrong);
        }
    }
}
