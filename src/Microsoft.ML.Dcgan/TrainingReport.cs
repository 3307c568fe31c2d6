using System.Text;
using Microsoft.ML.Dcgan.Pictures;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan;

/// <summary>
/// A training on one page: what the model makes and how it came to that, curves, what went wrong, options, and how to load the
/// model. The page is one file of HTML that needs nothing else, neither from its folder nor from a network.
/// </summary>
public static class TrainingReport
{
    /// <summary>Writes the page. An older file of that name stays whole until the new one is complete.</summary>
    /// <param name="path">Where to, such as "report.html".</param>
    /// <param name="gan">The model.</param>
    /// <param name="record">What was kept while it was trained. Default null: the page shows the model's last pictures alone.</param>
    /// <param name="options">What else to show. Default null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or the training images' column is missing or of a wrong type or size.</exception>
    /// <exception cref="InvalidOperationException">The training images cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public static void Save(string path, DcganTransformer gan, TrainingRecord? record = null, TrainingReportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToHtml(gan, record, options)));
    }

    /// <summary>The page, of at most about ten megabytes: of many looks at the training it shows some, evenly chosen.</summary>
    /// <param name="gan">The model.</param>
    /// <param name="record">What was kept while it was trained. Default null: the page shows the model's last pictures alone.</param>
    /// <param name="options">What else to show. Default null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or the training images' column is missing or of a wrong type or size.</exception>
    /// <exception cref="InvalidOperationException">The training images cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public static string ToHtml(DcganTransformer gan, TrainingRecord? record = null, TrainingReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(gan);
        options ??= new TrainingReportOptions();
        if (options.Samples is < 1 or > 1_000)
            throw new ArgumentOutOfRangeException(nameof(options.Samples), $"Samples is {options.Samples}, but it must be from 1 to 1,000. The default is 36.");
        return ReportPage.Of(options.Title,
        [
            ReportSections.Summary(gan.Summary),
            $"<div class=\"pair\">{ReportSections.Samples(gan, options.Samples)}{(record == null ? "" : ReportFrames.Section(record))}</div>\n",
            ReportSections.Curves(gan.Summary),
            ReportSections.Health(gan.Description.Options, gan.Summary, record?.Failures ?? []),
            options.Metrics == null ? "" : ReportSections.Metrics(options.Metrics),
            options.Dataset == null ? "" : ReportNearest.Section(gan, options.Dataset, options.ImageColumnName),
            ReportOptions.Section(gan.Description),
            ReportSections.Machine(gan.Summary),
            ReportSections.Use(gan, options.ModelPath),
        ]);
    }
}
