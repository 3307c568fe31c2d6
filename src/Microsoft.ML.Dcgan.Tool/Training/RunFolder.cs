
namespace Microsoft.ML.Dcgan.Tool.Training;

/// <summary>The folder of a training's results.</summary>
internal sealed class RunFolder(string path)
{
    public const string ModelName = "model.zip";

    public string Model => Path.Combine(path, ModelName);

    public string Samples => Path.Combine(path, "samples.png");

    public string Real => Path.Combine(path, "real.png");

    /// <summary>How the generator's pictures became what they are.</summary>
    public string Animation => Path.Combine(path, "training.gif");

    public string Report => Path.Combine(path, "report.html");

    public string Checkpoints => Path.Combine(path, "checkpoints");

    /// <summary>Keeps other trainings out of the folder, which is made where it is missing.</summary>
    /// <exception cref="InvalidOperationException">One is at it.</exception>
    /// <exception cref="IOException">It cannot be written to.</exception>
    public FolderLock Lock()
    {
        try
        {
            Directory.CreateDirectory(path);
            return new FolderLock(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"no results can be written to '{path}': {failure.Message}", failure);
        }
    }

    /// <summary>A new folder here, named after the pictures, for results of a training that names none.</summary>
    public static string NewFor(string images)
    {
        string pictures = images.Length > 0 ? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(images))) : "";
        string name = $"{pictures}-model".TrimStart('-');
        return Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? name : $"{name}-{number}").First(free => !Path.Exists(free));
    }

    /// <summary>Makes the folder ready for a new training.</summary>
    /// <param name="checkpoints">Where its checkpoints will go.</param>
    /// <param name="overwrite">Whether a training that is there may be replaced.</param>
    /// <exception cref="UsageException">It may not.</exception>
    public void Prepare(string checkpoints, bool overwrite)
    {
        bool interrupted = HasCheckpoints(checkpoints);
        if (!overwrite && interrupted)
        {
            throw new UsageException($"'{checkpoints}' has the checkpoints of an interrupted training: " +
                $"'{CommandLineTool.Name} resume {path}' goes on with it, and --overwrite starts anew");
        }
        if (!overwrite && File.Exists(Model))
            throw new UsageException($"'{path}' has a trained model: name another folder, or add --overwrite to replace it");
        if (interrupted)
            DeleteCheckpoints(checkpoints);
        DeleteRecord();
    }

    /// <summary>Whether a folder has checkpoints to go on from.</summary>
    public static bool HasCheckpoints(string folder) => LastCheckpoint(folder) != null;

    /// <summary>After which minibatch the last one was written, as it is named.</summary>
    public static string? LastCheckpoint(string folder) => !Directory.Exists(folder) ? null
        : Directory.EnumerateFiles(folder, "minibatch-*.checkpoint").Select(file => Path.GetFileNameWithoutExtension(file).Split('-')[^1])
            .Max(StringComparer.Ordinal)?.TrimStart('0');

    /// <summary>Writes the model. An older one stays whole until the new one is complete.</summary>
    public void SaveModel(MLContext ml, DcganTransformer gan) =>
        AtomicFile.Write(Model, file => ml.Model.Save(gan, gan.SampleNoise(1).Schema, file));

    // A training that ended before its first checkpoint has left one, too.
    private void DeleteRecord()
    {
        var record = new TrainingRecord(path);
        foreach (TrainingFrame frame in record.Frames)
            File.Delete(frame.Path);
        File.Delete(Path.Combine(path, "progress.jsonl"));
    }

    /// <summary>Deletes a training's checkpoints, and their folder if it had nothing else.</summary>
    public static void DeleteCheckpoints(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*.checkpoint"))
            File.Delete(file);
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }
}
