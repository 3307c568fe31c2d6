namespace Microsoft.ML.Dcgan;

/// <summary>What a <see cref="TrainingReport"/> shows beside the model and its training.</summary>
public sealed class TrainingReportOptions
{
    /// <summary>The page's title. Default "DCGAN training".</summary>
    public string Title = "DCGAN training";

    /// <summary>Where the model was saved, for the lines of code that load it. Default "model.zip".</summary>
    public string ModelPath = "model.zip";

    /// <summary>
    /// The data that the model was trained on: the report then shows for a few generated pictures the training pictures that are
    /// nearest, pixel by pixel, for which all of it is read twice. Default null: it does not.
    /// </summary>
    public IDataView? Dataset;

    /// <summary>The column of images of <see cref="Dataset"/>. Default "Image".</summary>
    public string ImageColumnName = DcganEstimator.Defaults.ImageColumnName;

    /// <summary>How generated pictures compare with real ones, if it was measured. Default null.</summary>
    public ImageGenerationMetrics? Metrics;

    /// <summary>Generated pictures to show, 1 to 1,000. Default 36.</summary>
    public int Samples = 36;
}
