using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Dcgan.Tool.Options;
using Microsoft.ML.Dcgan.Tool.Output;
using Microsoft.ML.Dcgan.Tool.Training;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

internal sealed class InspectCommand : IToolCommand
{
    private readonly Argument<string> _model = ModelPath.Argument();

    public InspectCommand() => Command = new Command("inspect", "Shows what is in a model, without loading its weights.") { _model };

    public Command Command { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "dcgan inspect run/model.zip",
        "dcgan inspect run/model.zip --json",
    ];

    public int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_model);
        IReadOnlyList<DcganModelFile> models = ModelPath.Inspect(path);
        foreach (DcganModelFile model in models)
            ModelSummary.Write(model, output);
        output.Line($"{path}: {ByteCount.Text(new FileInfo(path).Length)}");
        output.Result(ModelSummary.Json(path, models));
        return ExitCode.Done;
    }
}

/// <summary>What a model file says of itself, in words and as an object for scripts.</summary>
internal static class ModelSummary
{
    private const int MostClasses = 20;

    public static void Write(DcganModelFile model, CommandOutput output)
    {
        DcganEstimator.Options options = model.Options;
        TrainingSummary summary = model.Summary;
        string folder = model.Folder.Length > 0 ? model.Folder : "the zip's root";
        Line("model", $"{model.Kind} in {folder}, format version {model.FormatVersion}");
        Line("pictures", $"{options.ImageWidth}x{options.ImageHeight}, {(options.Channels == 1 ? "grey" : "colour")}");
        string inputs = options.LabelColumnName is { } label ? $"{model.InputColumnName} and {label}" : model.InputColumnName;
        Line("columns", $"reads {inputs}, adds {model.OutputColumnName}");
        if (model.ClassCount > 0)
        {
            string classes = string.Join(", ", model.Classes.Take(MostClasses)) + (model.Classes.Count > MostClasses ? ", ..." : "");
            Line("classes", $"{model.ClassCount}{(classes.Length > 0 ? $": {classes}" : "")}");
        }
        Line("parameters", (model.GeneratorParameters is long generator ? Number(generator) + " in the generator, " : "")
            + $"{Number(model.DiscriminatorParameters)} in the discriminator");
        string planned = summary.PlannedSteps > 0 ? $" of {Number(summary.PlannedSteps)}" : "";
        Line("trained", $"{Number(summary.Steps)}{planned} minibatches of {summary.BatchSize}, "
            + $"on {Number(summary.Images)} pictures, in {Duration.Text(summary.Duration)}, "
            + $"on {summary.Device} in {summary.Precision}{Ending(summary)}");
        if (summary.SkippedImages > 0)
            Line("skipped", $"{Number(summary.SkippedImages)} pictures that could not be read");
        if (summary.FrechetDistance is double distance)
            Line("kept", FormattableString.Invariant($"the generator of minibatch {summary.BestStep}: Fréchet distance {distance:0.00}"));
        if (summary.History.LastOrDefault() is { } last)
            Line("last", TrainingFigures.Text(last));
        foreach (TrainingEvent alarm in summary.Events)
            Line("event", $"{alarm.Alarm} after minibatch {alarm.Step} ({alarm.Action}): {alarm.Message}");
        foreach (DcganModelPart part in model.Parts)
            Line("part", $"{part.Name}, {ByteCount.Text(part.Length)}, {ByteCount.Text(part.CompressedLength)} in the zip");
        Line("options", "all that are not the default:");
        foreach ((string name, string text) in Changed(options))
            output.Line($"  {name} {text}");

        void Line(string what, string text) => output.Line($"{what,-12}{text}");
    }

    public static object Json(string path, IReadOnlyList<DcganModelFile> models) => new
    {
        File = Path.GetFullPath(path),
        Bytes = new FileInfo(path).Length,
        Models = models.Select(model => new
        {
            model.Kind,
            model.Folder,
            model.FormatVersion,
            Width = model.Options.ImageWidth,
            Height = model.Options.ImageHeight,
            model.Options.Channels,
            model.InputColumnName,
            model.OutputColumnName,
            model.Options.LabelColumnName,
            model.ClassCount,
            model.Classes,
            model.GeneratorParameters,
            model.DiscriminatorParameters,
            Options = Texts(model.Options).ToDictionary(option => option.Name, option => option.Text),
            model.Summary,
            model.Parts,
        }),
    };

    private static IEnumerable<(string Name, string Text)> Texts(DcganEstimator.Options options) =>
        from field in TrainingOptions.Fields
        where field.Text(options) != null
        select (field.Name, field.Text(options)!);

    private static IEnumerable<(string, string)> Changed(DcganEstimator.Options options) =>
        Texts(options).Except(Texts(TrainingOptions.Defaults()));

    private static string Ending(TrainingSummary summary) =>
        summary.Cancelled ? "; interrupted"
        : summary.Stalled ? "; ended early, as it got no better"
        : summary.Events.LastOrDefault() is { Action: DcganHealthPolicy.Stop } ? "; stopped"
        : "";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
