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
    DcganPrecision Precision = DcganPrecision.Auto);
