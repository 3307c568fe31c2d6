using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tool.Commands;
using Microsoft.ML.Dcgan.Tool.Options;
using Microsoft.ML.Dcgan.Tool.Pictures;

namespace Microsoft.ML.Dcgan.Tool.Report;

/// <summary>A training on one page: what the model makes and how it came to that, curves, what went wrong, options, and how to load the
/// model. The page is one HTML file of at most about ten megabytes, which needs nothing from its folder or a network.</summary>
internal sealed class TrainingReport(DcganTransformer gan)
{
    private const int Samples = 36;

    // Of the run and the machine, not of the model.
    private static readonly string[] _optionsElsewhere =
        [nameof(DcganEstimator.Options.Device), nameof(DcganEstimator.Options.CacheFolder), nameof(DcganEstimator.Options.ImageColumnName)];

    public string Title { get; init; } = "DCGAN training";

    /// <summary>Where the model was saved, for the lines of code that load it.</summary>
    public string ModelPath { get; init; } = "model.zip";

    /// <summary>What was kept while it was trained; null: the page shows the model's last pictures alone.</summary>
    public TrainingRecord? Record { get; init; }

    /// <summary>How generated pictures compare with real ones, where it was measured.</summary>
    public ImageGenerationMetrics? Metrics { get; init; }

    /// <summary>What was compared for them, where the command line says it better than the library.</summary>
    public string? Features { get; init; }

    /// <summary>Pictures of which to show those that are nearest to a few generated ones; null: none are shown.</summary>
    public IReadOnlyList<Picture>? RealPictures { get; init; }

    /// <summary>The colour behind those of them that are transparent.</summary>
    public string Background { get; init; } = Pictures.Background.Default;

    /// <summary>Writes the page. An older file of that name stays whole until the new one is complete.</summary>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToHtml()));

    public string ToHtml() => ReportPage.Create(Title,
    [
        $"<p>{ReportPage.Text(gan.Summary)}</p>\n",
        $"<div class=\"pair\">{SamplesSection()}{(Record == null ? "" : ReportPictures.OverTraining(Record))}</div>\n",
        gan.Summary.History.Count == 0 ? ""
            : ReportPage.Section("Curves", $"<div class=\"charts\">{string.Concat(new TrainingCurves(gan.Summary).ToSvgs())}</div>"),
        HealthSection(),
        Metrics == null ? "" : MetricsSection(Metrics, Features ?? Metrics.FeatureExtractor),
        RealPictures == null ? "" : ReportPictures.Nearest(gan, RealPictures, Background),
        OptionsSection(),
        MachineSection(),
        UseSection(),
    ]);

    private string SamplesSection() => ReportPage.Section("What it makes",
        ReportPage.Picture(new ImageGrid(gan.Generate(Samples)), $"{Samples} generated pictures"));

    private string HealthSection()
    {
        TrainingSummary summary = gan.Summary;
        IEnumerable<string> alarms = summary.Events
            .Select(alarm => FormattableString.Invariant($"<b>{alarm.Alarm}</b> after {alarm.Images:N0} images ({alarm.Action}): ")
                + ReportPage.Text(alarm.Message))
            .Concat((Record?.Failures ?? []).Select(ReportPage.Text));
        string content = string.Join('\n', alarms.Select(alarm => $"<p class=\"alarm\">{alarm}</p>"))
            + (summary.SkippedImages > 0
                ? FormattableString.Invariant($"<p>{summary.SkippedImages:N0} pictures could not be read and were left out.</p>")
                : "");
        return ReportPage.Section("Health", content.Length > 0 ? content
            : Trained.HealthInterval > 0 ? "<p>Nothing went wrong.</p>"
            : "<p>Nobody looked: HealthInterval was 0.</p>");
    }

    private static string MetricsSection(ImageGenerationMetrics metrics, string features) => ReportPage.Section("Compared with real pictures",
        ReportPage.Table(["metric", "value", "best"], EvaluateCommand.Rows(metrics).Select(row => new[] { row.Name, row.Value, row.Best }))
        + $"<p class=\"faint\">{ReportPage.Text(EvaluateCommand.Conditions(metrics, features))}.</p>"
        + string.Concat(metrics.Warnings.Select(warning => $"<p>{ReportPage.Text(warning)}</p>")));

    private string OptionsSection()
    {
        DcganEstimator.Options trained = Trained, defaults = new();
        ILookup<bool, string[]> rows = OptionsSchema<DcganEstimator.Options>.Fields
            .Where(field => field.IsText && !_optionsElsewhere.Contains(field.Name))
            .Select(field => new[] { field.Name, Text(field.Get(trained)), Text(field.Get(defaults)) })
            .ToLookup(row => row[1] == row[2]);
        return ReportPage.Section("Options", ReportPage.Table(["option", "value", "default"], rows[false])
            + $"\n<details><summary>{rows[true].Count()} options as they are by default</summary>"
            + $"{ReportPage.Table([], rows[true].Select(row => row[..2]))}</details>");

        static string Text(object? value) => value switch
        {
            null or "" => "not set",
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private DcganEstimator.Options Trained => gan.Options;

    private string MachineSection()
    {
        const string Processors = "/proc/cpuinfo";
        string? processor = File.Exists(Processors)
            ? File.ReadLines(Processors).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?
                .Split(':')[1].Trim()
            : null;
        Assembly library = typeof(DcganTransformer).Assembly;
        string version = library.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return ReportPage.Section("Machine", ReportPage.Table([],
        [
            ["trained on", $"{gan.Summary.Device}, in {gan.Summary.Precision}"],
            ["report made on", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, "
                + $"{Environment.ProcessorCount} processors" + (processor == null ? "" : $", {processor}")],
            ["with", $"{RuntimeInformation.FrameworkDescription}, Microsoft.ML.Dcgan {version}"],
        ]));
    }

    private string UseSection()
    {
        string arguments = gan.Classes.Count > 0 ? $"10, seed: 42, label: {Literal(gan.Classes[0])}" : "10, seed: 42";
        string code = $"""
            using Microsoft.ML;
            using Microsoft.ML.Dcgan;

            using var gan = (DcganTransformer)new MLContext().Model.Load({Literal(ModelPath)}, out _);
            int number = 0;
            foreach (GeneratedImage image in gan.Generate({arguments}))
                image.Save($"generated-{"{number++}"}.png");
            """;
        return ReportPage.Section("Use it", $"<pre><code>{ReportPage.Text($"{CommandLineTool.Name} generate {ModelPath} --out pictures")}" +
            $"</code></pre>\n<p>Or, in C#:</p>\n<pre><code>{ReportPage.Text(code)}</code></pre>");

        static string Literal(string text) => $"@\"{text.Replace("\"", "\"\"")}\"";
    }
}
