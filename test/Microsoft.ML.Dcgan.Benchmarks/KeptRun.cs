using System.Text.Json;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>
/// One training and what came of it, in a folder: NAME.json, this record; NAME.bytes, samples; NAME.png, some of them to look
/// at. So what was measured once need not be again.
/// </summary>
internal sealed record KeptRun
{
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    public required string Name { get; init; }

    /// <summary>The options that it was trained with; empty where this library did not train it.</summary>
    public required Dictionary<string, string> Settings { get; init; }

    /// <summary>DataLoader trained on.</summary>
    public required long Steps { get; init; }

    /// <summary>What training took of all processors together, which depends less than its duration on what else they did.</summary>
    public required double ProcessorSeconds { get; init; }

    /// <summary>Why there are no samples; null if there are. Such a run is not kept.</summary>
    public string? Failure { get; init; }

    /// <summary>Null until it is judged.</summary>
    public RunFigures? Figures { get; init; }

    public static KeptRun? Find(string folder, string name)
    {
        string file = Path.Combine(folder, name + ".json");
        KeptRun? run = File.Exists(file) ? JsonSerializer.Deserialize<KeptRun>(File.ReadAllText(file)) : null;
        return run != null && File.Exists(run.Samples(folder)) ? run : null;
    }

    public string Samples(string folder) => Path.Combine(folder, Name + ".bytes");

    public KeptRun Keep(string folder)
    {
        Write(Path.Combine(folder, Name + ".json"), JsonSerializer.SerializeToUtf8Bytes(this, _json));
        return this;
    }

    /// <summary>Writes a file that is never found half written.</summary>
    public static void Write(string file, byte[] content)
    {
        File.WriteAllBytes(file + ".partial", content);
        File.Move(file + ".partial", file, overwrite: true);
    }
}

/// <summary>What the pictures of a run are worth, against held-out pictures but for the last.</summary>
internal sealed record RunFigures(double Frechet, double Kernel, double Precision, double Recall, double Density, double Coverage, double FrechetToTraining);
