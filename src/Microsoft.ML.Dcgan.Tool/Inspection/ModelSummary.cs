using System.Globalization;
using Microsoft.ML.Dcgan.Tool.Options;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool.Inspection;

/// <summary>What a model file says of itself, in words and as an object for scripts.</summary>
internal static class ModelSummary
{
    private const int MostClasses = 20;

    public static void Write(DcganModelFile model, CommandOutput output)
    {
        DcganEstimator.Options options = model.Options;
        TrainingSummary summary = model.Summary;
        Line("model", $"{model.Kind} in {(model.Folder.Length > 0 ? model.Folder : "the zip's root")}, format version {model.FormatVersion}");
        Line("pictures", $"{options.ImageWidth}x{options.ImageHeight}, {(options.Channels == 1 ? "grey" : "colour")}");
        Line("columns", $"reads {model.InputColumnName}{(options.LabelColumnName is { } label ? $" and {label}" : "")}, adds {model.OutputColumnName}");
        if (model.ClassCount > 0)
            Line("classes", $"{model.ClassCount}{(model.Classes.Count > 0 ? $": {string.Join(", ", model.Classes.Take(MostClasses))}{(model.Classes.Count > MostClasses ? ", ..." : "")}" : "")}");
        Line("parameters", (model.GeneratorParameters is long generator ? Number(generator) + " in the generator, " : "") + $"{Number(model.DiscriminatorParameters)} in the discriminator");
        Line("trained", $"{Number(summary.Steps)} of {Number(summary.PlannedSteps)} minibatches of {summary.BatchSize}, on {Number(summary.Images)} pictures, in {Duration.Text(summary.Duration)}, on {summary.Device} in {summary.Precision}{Ending(summary)}");
        if (summary.SkippedImages > 0)
            Line("skipped", $"{Number(summary.SkippedImages)} pictures that could not be read");
        if (summary.FrechetDistance is double distance)
            Line("kept", string.Create(CultureInfo.InvariantCulture, $"the generator of minibatch {summary.BestStep}: Fréchet distance {distance:0.00}"));
        if (summary.History.LastOrDefault() is { } last)
            Line("last", string.Create(CultureInfo.InvariantCulture, $"loss D {last.DiscriminatorLoss:0.000} G {last.GeneratorLoss:0.000}, D(x) {last.RealScore:0.00}, D(G(z)) {last.GeneratedScoreBefore:0.00}/{last.GeneratedScoreAfter:0.00}, {last.ImagesPerSecond:0} images/s"));
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

    private static IEnumerable<(string, string)> Changed(DcganEstimator.Options options) => Texts(options).Except(Texts(TrainingOptions.Defaults()));

    private static string Ending(TrainingSummary summary) =>
        summary.Cancelled ? "; interrupted"
        : summary.Stalled ? "; ended early, as it got no better"
        : summary.Events.LastOrDefault() is { Action: DcganHealthPolicy.Stop } ? "; stopped"
        : "";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
