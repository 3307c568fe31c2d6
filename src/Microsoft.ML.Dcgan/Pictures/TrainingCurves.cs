using Microsoft.ML.Dcgan.Pictures;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan;

/// <summary>How a training went, over the images trained on, as an SVG picture: losses, D(x) and D(G(z)), and, where they were measured,
/// diversity and Fréchet distance. What went wrong is marked. It suits a light page and a dark one.</summary>
public sealed partial class TrainingCurves
{
    private const string Style = """
        .dcgan{--paper:#fff;--ink:#1f2328;--faint:#656d76;--rule:#d8dee4;--a:#0969da;--b:#c4432b;--c:#1a7f37;--alarm:#9a6700}
        @media(prefers-color-scheme:dark){
        .dcgan{--paper:#0d1117;--ink:#e6edf3;--faint:#9198a1;--rule:#30363d;--a:#58a6ff;--b:#ff8c73;--c:#56d364;--alarm:#e3b341}}
        .dcgan .paper{fill:var(--paper)}.dcgan text{font-family:system-ui,sans-serif;font-size:12px;fill:var(--faint)}
        .dcgan .title{font-size:13px;font-weight:600;fill:var(--ink)}
        .dcgan .rule{stroke:var(--rule)}.dcgan .line{fill:none;stroke-width:1.6;stroke-linejoin:round}
        .dcgan .line0{stroke:var(--a)}.dcgan .line1{stroke:var(--b)}.dcgan .line2{stroke:var(--c)}
        .dcgan .dot0{fill:var(--a)}.dcgan .dot1{fill:var(--b)}.dcgan .dot2{fill:var(--c)}
        .dcgan .mark line{stroke:var(--alarm);stroke-dasharray:4 3}.dcgan .mark path{fill:var(--alarm)}
        """;

    private const string Label = "Curves of a training";

    private readonly string[] _charts;

    /// <param name="history">At least one report: <see cref="TrainingSummary.History"/> or <see cref="TrainingRecord.Progress"/>.</param>
    /// <param name="events">What went wrong. Default null: nothing is marked.</param>
    /// <exception cref="ArgumentException">There are no reports.</exception>
    public TrainingCurves(IReadOnlyList<TrainingProgress> history, IReadOnlyList<TrainingEvent>? events = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        if (history.Count == 0)
            throw new ArgumentException("There are no reports of a training to draw.", nameof(history));

        (double, string)[] marks =
            [.. (events ?? []).Select(alarm => ((double)alarm.Images, $"{alarm.Alarm} ({alarm.Action}): {alarm.Message}"))];

        (string Title, double Least, (string Name, Func<TrainingProgress, double?> Value)[] Lines)[] charts =
        [
            ("Losses", 0, [("discriminator", report => report.DiscriminatorLoss), ("generator", report => report.GeneratorLoss)]),
            ("Probability of being real, as the discriminator has it", 1,
            [
                ("D(x): real", report => report.RealScore), ("D(G(z)): generated", report => report.GeneratedScoreBefore),
                ("after its step", report => report.GeneratedScoreAfter),
            ]),
            ("Diversity of generated images; 1: as training images", 1, [("", report => report.Diversity)]),
            ("Fréchet distance to training images; less is better", 0, [("", report => report.FrechetDistance)]),
        ];
        _charts = [.. from chart in charts
                      let lines = chart.Lines.Select(line => (line.Name, Points(history, line.Value))).ToArray()
                      where lines.Any(line => line.Item2.Count > 0)
                      select new SvgChart(chart.Title, "images trained on", lines, marks, chart.Least).ToString()];
    }

    /// <summary>The curves of a trained model.</summary>
    /// <param name="summary">What its training did.</param>
    /// <exception cref="ArgumentException">The training had no reports.</exception>
    public TrainingCurves(TrainingSummary summary)
        : this((summary ?? throw new ArgumentNullException(nameof(summary))).History, summary.Events)
    {
    }

    /// <summary>An SVG picture, one chart below the other.</summary>
    public string ToSvg() => Picture(_charts, Label);

    /// <summary>Writes the SVG picture. An older file of that name stays whole until the new one is complete.</summary>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToSvg()));

    /// <summary>An SVG picture a chart, in the same order, for a page that lays them out.</summary>
    public IReadOnlyList<string> ToSvgs() => [.. _charts.Select(chart => Picture([chart], Label))];

    /// <summary>Charts one below the other as a picture of its own.</summary>
    internal static string Picture(string[] charts, string label)
    {
        int height = charts.Length * SvgChart.Height;
        IEnumerable<string> groups = charts.Select((chart, i) => $"""<g transform="translate(0 {i * SvgChart.Height})">{chart}</g>""");
        return $"""<svg class="dcgan" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SvgChart.Width} {height}" """
            + $"""width="{SvgChart.Width}" height="{height}" role="img" aria-label="{label}">"""
            + $"""<style>{Style}</style><rect class="paper" width="{SvgChart.Width}" height="{height}"/>{string.Concat(groups)}</svg>""";
    }

    private static IReadOnlyList<(double, double)> Points(IReadOnlyList<TrainingProgress> history, Func<TrainingProgress, double?> value) =>
        [.. from report in history
            let measured = value(report)
            where measured is double number && double.IsFinite(number)
            select ((double)report.Images, measured.Value)];
}
