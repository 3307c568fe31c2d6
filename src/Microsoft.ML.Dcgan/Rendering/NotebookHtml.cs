using Microsoft.ML.Dcgan.Rendering;

namespace Microsoft.ML.Dcgan;

/// <summary>This library's types as HTML for a notebook.</summary>
internal static class NotebookHtml
{
    private const int Samples = 16;

    /// <summary>Null for what is of none of these types.</summary>
    public static string? Of(object value) => value switch
    {
        ImageGrid grid => $"<img alt=\"{grid}\" width=\"{grid.Width}\" height=\"{grid.Height}\" src=\"data:image/png;base64,{Convert.ToBase64String(grid.ToPng())}\">",
        ImageAnimation animation => $"<img alt=\"{animation}\" width=\"{animation.Width}\" height=\"{animation.Height}\" src=\"data:image/gif;base64,{Convert.ToBase64String(animation.ToGif())}\">",
        TrainingSummary summary => OfSummary(summary),
        ImageGenerationMetrics metrics => ReportSections.MetricsTable(metrics),
        DcganTransformer gan => OfModel(gan),
        _ => null,
    };

    private static string OfSummary(TrainingSummary summary) => ReportSections.Summary(summary)
        + string.Concat(summary.Events.Select(alarm => FormattableString.Invariant($"<p><b>{alarm.Alarm}</b> after {alarm.Images:N0} images: {Html.Text(alarm.Message)}</p>")))
        + (summary.History.Count > 0 ? new TrainingCurves(summary).ToSvg() : "");

    private static string OfModel(DcganTransformer gan)
    {
        string about = FormattableString.Invariant($"<p><b>DcganTransformer</b>: from column '{Html.Text(gan.NoiseColumnName)}' ({gan.NoiseSize} numbers) ") +
            (gan.LabelColumnName == null ? "" : FormattableString.Invariant($"and '{Html.Text(gan.LabelColumnName)}' ({gan.Classes.Count} classes) ")) +
            FormattableString.Invariant($"to '{Html.Text(gan.OutputColumnName)}', {(gan.Channels == 1 ? "grey" : "colour")} pictures of {gan.ImageWidth}x{gan.ImageHeight} pixels.</p>\n");
        try
        {
            return about + Html.Picture(ReportSections.Grid(gan, Samples), $"{Samples} generated pictures") + ReportSections.Summary(gan.Summary);
        }
        catch (ObjectDisposedException)
        {
            return about + "<p>It is disposed.</p>";
        }
    }
}
