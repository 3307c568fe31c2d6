using Microsoft.ML.Dcgan.Pictures;

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

/// <summary>
/// .NET notebooks look for an attribute of this name on a value's type, and reach all else by reflection:
/// a library is shown well without a reference to the notebook's packages.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [];
}

/// <summary>Shows this library's types in notebooks: pictures as such, and all as HTML.</summary>
internal sealed class NotebookPictures
{
#pragma warning disable CA1822 // called on an instance, by name
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new Formatter("image/png", value => value is ImageGrid grid ? Convert.ToBase64String(grid.ToPng()) : null),
        new Formatter("image/gif", value => value is ImageAnimation animation ? Convert.ToBase64String(animation.ToGif()) : null),
        new Formatter("text/html", NotebookHtml.Of),
    ];
#pragma warning restore CA1822

    /// <summary>What notebooks expect of a formatter, by name.</summary>
    internal sealed class Formatter(string mimeType, Func<object, string?> format)
    {
        public string MimeType => mimeType;

        /// <summary>Writes a value; false where it is of no kind to be written so.</summary>
        public bool Format(object instance, TextWriter writer)
        {
            if (format(instance) is not { } text)
                return false;
            writer.Write(text);
            return true;
        }
    }
}
