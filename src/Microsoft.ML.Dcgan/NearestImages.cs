namespace Microsoft.ML.Dcgan;

/// <summary>The training images that are nearest to one generated image.</summary>
/// <param name="GeneratedRow">The generated image's row in its view, from 0.</param>
/// <param name="Neighbors">The training images, nearest first.</param>
public sealed record NearestImages(long GeneratedRow, IReadOnlyList<NearestImage> Neighbors);

/// <summary>A training image near a generated one.</summary>
/// <param name="TrainingRow">The training image's row in its view, from 0.</param>
/// <param name="Distance">The Euclidean distance of the features: 0 for a copy.</param>
public readonly record struct NearestImage(long TrainingRow, double Distance);
