using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool.Training;

/// <summary>A training's figures in a line.</summary>
internal sealed class TrainingFigures
{
    // It is measured now and then only.
    private double? _distance;

    public JobProgress Of(TrainingProgress progress)
    {
        _distance = progress.FrechetDistance ?? _distance;
        string figures = $"epoch {progress.Epoch}/{progress.Epochs}, {Text(progress)}"
            + (_distance is double distance ? FormattableString.Invariant($", Fréchet distance {distance:0.00}") : "");
        return new JobProgress("training", (double)progress.Step / progress.Steps, figures, progress.TimeLeft);
    }

    public static string Text(TrainingProgress progress) =>
        FormattableString.Invariant($"loss D {progress.DiscriminatorLoss:0.000} G {progress.GeneratorLoss:0.000}, ") +
        FormattableString.Invariant($"D(x) {progress.RealScore:0.00}, D(G(z)) {progress.GeneratedScoreBefore:0.00}/") +
        FormattableString.Invariant($"{progress.GeneratedScoreAfter:0.00}, {progress.ImagesPerSecond:0} images/s");
}
