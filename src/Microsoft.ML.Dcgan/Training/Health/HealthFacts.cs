namespace Microsoft.ML.Dcgan.Training;

/// <summary>What is known of a training's health between two looks.</summary>
internal sealed record HealthFacts
{
    /// <summary>How many images had been trained on at the last look.</summary>
    public long LookedAt { get; init; }

    /// <summary>How many looks in a row have shown the symptom of each check.</summary>
    public IReadOnlyList<int> LooksWithSymptom { get; init; } = [];

    /// <summary>The greatest diversity of generated images so far.</summary>
    public double GreatestDiversity { get; init; }

    /// <summary>How often training has gone back.</summary>
    public int RollBacks { get; init; }
}
