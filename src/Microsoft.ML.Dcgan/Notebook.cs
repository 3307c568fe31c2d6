using System.Net;

namespace Microsoft.ML.Dcgan;

/// <summary>.NET notebooks look for an attribute of this name, and reach all else by reflection: their packages are not needed.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [];
}

[TypeFormatterSource(typeof(NotebookPictures), PreferredMimeTypes = ["image/png"])]
public sealed partial class GeneratedImage;

[TypeFormatterSource(typeof(NotebookPictures), PreferredMimeTypes = ["image/png"])]
public sealed partial class ImageGrid;

[TypeFormatterSource(typeof(NotebookPictures), PreferredMimeTypes = ["image/gif"])]
public sealed partial class ImageAnimation;

[TypeFormatterSource(typeof(NotebookPictures), PreferredMimeTypes = ["text/html"])]
public sealed partial class TrainingCurves;

[TypeFormatterSource(typeof(NotebookPictures), PreferredMimeTypes = ["text/html"])]
public sealed partial record TrainingSummary;

[TypeFormatterSource(typeof(NotebookPictures), PreferredMimeTypes = ["text/html"])]
public sealed partial class ImageGenerationMetrics;

/// <summary>Shows this library's types in notebooks: pictures as such, and all as HTML.</summary>
internal sealed class NotebookPictures
{
    private const int Samples = 16;

#pragma warning disable CA1822 // called on an instance, by name
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new Formatter("image/png", value => Base64((value as GeneratedImage)?.ToPng() ?? (value as ImageGrid)?.ToPng())),
        new Formatter("image/gif", value => Base64((value as ImageAnimation)?.ToGif())),
        new Formatter("text/html", Html),
    ];
#pragma warning restore CA1822

    private static string? Base64(byte[]? file) => file == null ? null : Convert.ToBase64String(file);

    // Null for what is of none of these types.
    private static string? Html(object value) => value switch
    {
        GeneratedImage image => Image("png", image.ToPng(), image, image.Width, image.Height),
        ImageGrid grid => Image("png", grid.ToPng(), grid, grid.Width, grid.Height),
        ImageAnimation animation => Image("gif", animation.ToGif(), animation, animation.Width, animation.Height),
        TrainingCurves curves => curves.ToSvg(),
        TrainingSummary summary => Html(summary),
        ImageGenerationMetrics metrics => Html(metrics),
        DcganTransformer gan => Html(gan),
        _ => null,
    };

    private static string Image(string type, byte[] file, object description, int width, int height) =>
        $"<img alt=\"{description}\" width=\"{width}\" height=\"{height}\" " +
        $"src=\"data:image/{type};base64,{Convert.ToBase64String(file)}\">";

    private static string Html(TrainingSummary summary) => $"<p>{Text(summary)}</p>\n"
        + string.Concat(summary.Events.Select(alarm =>
            FormattableString.Invariant($"<p><b>{alarm.Alarm}</b> after {alarm.Images:N0} images: {Text(alarm.Message)}</p>")))
        + (summary.History.Count > 0 ? new TrainingCurves(summary).ToSvg() : "");

    private static string Html(ImageGenerationMetrics metrics) =>
        "<table><tr><th>metric</th><th>value</th><th></th></tr>"
            + string.Concat(metrics.Results.Where(metric => metric.IsMeasured)
                .Select(metric => $"<tr><td>{metric.Name}</td><td>{metric.ValueText}</td><td>{metric.Meaning}</td></tr>\n"))
            + FormattableString.Invariant($"</table><p>{metrics.RealCount:N0} real and {metrics.GeneratedCount:N0} generated pictures, ")
            + FormattableString.Invariant($"by {metrics.FeatureSize:N0} features: {Text(metrics.FeatureExtractor)}.</p>")
            + string.Concat(metrics.Warnings.Select(warning => $"<p>{Text(warning)}</p>"));

    private static string Html(DcganTransformer gan)
    {
        string classes = gan.LabelColumnName is { } label ? $"and '{Text(label)}' ({gan.Classes.Count} classes) " : "";
        string kind = gan.Channels == 1 ? "grey" : "colour";
        string about = $"<p><b>DcganTransformer</b>: from column '{Text(gan.NoiseColumnName)}' ({gan.NoiseSize} numbers) {classes}"
            + $"to '{Text(gan.OutputColumnName)}', {kind} pictures of {gan.ImageWidth}x{gan.ImageHeight} pixels.</p>\n";
        try
        {
            return $"{about}{Html((object)new ImageGrid(gan.Generate(Samples)))}<p>{Text(gan.Summary)}</p>\n";
        }
        catch (ObjectDisposedException)
        {
            return about + "<p>It is disposed.</p>";
        }
    }

    private static string Text(object value) => WebUtility.HtmlEncode(value.ToString()) ?? "";

    /// <summary>What notebooks expect of a formatter, by name.</summary>
    internal sealed class Formatter(string mimeType, Func<object, string?> format)
    {
        public string MimeType => mimeType;

        /// <summary>Writes a value; false where it is of no kind to be written so.</summary>
        public bool Format(object instance, TextWriter writer)
        {
            string? text = format(instance);
            writer.Write(text);
            return text != null;
        }
    }
}
