namespace Microsoft.ML.Dcgan.Training;

/// <summary>What the training loop is told, validated already. The public options say what each means.</summary>
internal sealed record TrainingSettings(
    int Epochs,
    int BatchSize,
    double LearningRate,
    double Beta1,
    double Beta2,
    int Seed,
    int ProgressInterval,
    DcganPrecision Precision = DcganPrecision.Auto,
    EvaluationSettings? Evaluation = null);

/// <summary>When to evaluate the generator while it trains.</summary>
/// <param name="Interval">Images trained on between two evaluations.</param>
/// <param name="Samples">Images generated for one.</param>
/// <param name="Patience">Evaluations without a better one before training ends; 0: it goes on.</param>
internal sealed record EvaluationSettings(long Interval, int Samples, int Patience);
