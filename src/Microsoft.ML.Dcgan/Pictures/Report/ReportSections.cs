using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>The simpler sections of a report, and of what notebooks show.</summary>
internal static class ReportSections
{
    public static string Summary(TrainingSummary summary)
    {
        if (summary.ImportedFrom is { } source)
            return $"<p>Not trained here: its weights were imported from {Html.Text(source)}.</p>\n";
        string ended = summary.Cancelled ? "It was cancelled before its end."
            : summary.Stalled ? "It ended early, as evaluations brought nothing better."
            : summary.Steps < summary.PlannedSteps ? "It was stopped early, as it went wrong."
            : "";
        string kept = summary.BestStep is long best ? FormattableString.Invariant($" The model is the generator of minibatch {best:N0}.") : "";
        string distance = summary.FrechetDistance is double measured ? FormattableString.Invariant($" Its Fréchet distance is {measured:G4}.") : "";
        return FormattableString.Invariant($"<p>Trained on {summary.Images:N0} images for {summary.Steps:N0} of {summary.PlannedSteps:N0} minibatches of {summary.BatchSize} in {Html.Text(Duration(summary.Duration))}. {ended}{kept}{distance}</p>\n");
    }

    public static string Samples(DcganTransformer gan, int count) => Html.Section("What it makes", Html.Picture(Grid(gan, count), $"{count} generated pictures"));

    public static string Curves(TrainingSummary summary) => summary.History.Count == 0
        ? ""
        : Html.Section("Curves", $"<div class=\"charts\">{string.Concat(new TrainingCurves(summary).Charts())}</div>");

    public static string Health(DcganEstimator.Options settings, TrainingSummary summary, IReadOnlyList<string> failures)
    {
        IEnumerable<string> alarms = summary.Events.Select(alarm =>
            FormattableString.Invariant($"<p class=\"alarm\"><b>{alarm.Alarm}</b> after {alarm.Images:N0} images ({alarm.Action}): {Html.Text(alarm.Message)}</p>"))
            .Concat(failures.Select(failure => $"<p class=\"alarm\">{Html.Text(failure)}</p>"));
        string skipped = summary.SkippedImages > 0 ? FormattableString.Invariant($"<p>{summary.SkippedImages:N0} pictures could not be read and were left out.</p>") : "";
        string content = string.Join('\n', alarms) + skipped;
        return Html.Section("Health", content.Length > 0 ? content
            : settings.HealthInterval > 0 ? "<p>Nothing went wrong.</p>"
            : "<p>Nobody looked: HealthInterval was 0.</p>");
    }

    public static string Metrics(ImageGenerationMetrics metrics) => Html.Section("Compared with real pictures", MetricsTable(metrics));

    public static string MetricsTable(ImageGenerationMetrics metrics)
    {
        (string Name, double Value, string Meaning)[] rows =
        [
            ("Fréchet distance", metrics.FrechetDistance, "less is better"),
            ("kernel distance", metrics.KernelDistance, double.IsNaN(metrics.KernelDistanceStandardError) ? "less is better" : FormattableString.Invariant($"± {metrics.KernelDistanceStandardError:G2}; less is better")),
            ("precision", metrics.Precision, "how many generated ones look real"),
            ("recall", metrics.Recall, "how many real ones could have been generated"),
            ("density", metrics.Density, "how densely real ones lie around generated ones; about 1 if alike"),
            ("coverage", metrics.Coverage, "how many real ones have a generated one near"),
            ("MS-SSIM", metrics.MsSsim, "how alike generated ones are; compare with real ones"),
        ];
        string warnings = string.Concat(metrics.Warnings.Select(warning => $"<p>{Html.Text(warning)}</p>"));
        return Html.Table(["metric", "value", ""], rows.Where(row => !double.IsNaN(row.Value)).Select(row => new[] { row.Name, FormattableString.Invariant($"{row.Value:G4}"), row.Meaning }))
            + FormattableString.Invariant($"<p class=\"faint\">{metrics.RealCount:N0} real and {metrics.GeneratedCount:N0} generated pictures, by {metrics.FeatureSize:N0} features: {Html.Text(metrics.FeatureExtractor)}.</p>") + warnings;
    }

    private static string PackageVersion => typeof(ReportSections).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static string Machine(TrainingSummary summary) => Html.Section("Machine", Html.Table(
    [
        ("trained on", $"{summary.Device}, in {summary.Precision}"),
        ("report made on", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors{Processor()}"),
        ("with", $"{RuntimeInformation.FrameworkDescription}, Microsoft.ML.Dcgan {PackageVersion}"),
    ]));

    public static string Use(DcganTransformer gan, string modelPath)
    {
        string one = gan.Classes.Count > 0 ? $"count: 10, label: {Literal(gan.Classes[0])}, seed: 42" : "count: 10, seed: 42";
        string code = $"""
            using Microsoft.ML;
            using Microsoft.ML.Data;
            using Microsoft.ML.Dcgan;

            using var gan = (DcganTransformer)new MLContext().Model.Load({Literal(modelPath)}, out _);
            int number = 0;
            foreach (MLImage image in gan.Generate({one}))
                using (image)
                    image.Save($"generated-{"{number++}"}.png");
            """;
        return Html.Section("Use it", $"<pre><code>{Html.Text(code)}</code></pre>");
    }

    public static ImageGrid Grid(DcganTransformer gan, int count)
    {
        IReadOnlyList<MLImage> images = gan.Generate(count);
        try
        {
            return new ImageGrid(images);
        }
        finally
        {
            foreach (MLImage image in images)
                image.Dispose();
        }
    }

    public static string Duration(TimeSpan duration) => duration.TotalMinutes < 2 ? FormattableString.Invariant($"{duration.TotalSeconds:0} s")
        : duration.TotalHours < 2 ? FormattableString.Invariant($"{duration.TotalMinutes:0} min")
        : FormattableString.Invariant($"{duration.TotalHours:0.0} h");

    private static string Literal(string text) => $"@\"{text.Replace("\"", "\"\"")}\"";

    private static string Processor()
    {
        const string File = "/proc/cpuinfo";
        string? line = System.IO.File.Exists(File) ? System.IO.File.ReadLines(File).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line == null ? "" : $", {line[(line.IndexOf(':') + 1)..].Trim()}";
    }
}
