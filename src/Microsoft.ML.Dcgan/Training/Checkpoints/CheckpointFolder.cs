using System.Globalization;
using Microsoft.ML.Dcgan.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>The checkpoints of one training: the last few, and the one with the best evaluation.</summary>
internal sealed class CheckpointFolder
{
    private const string Extension = ".checkpoint";
    private const string BestName = "best" + Extension;
    private const string Prefix = "minibatch-";
    private readonly CheckpointSettings _settings;

    /// <param name="settings">Where it is. It is made where it is missing.</param>
    /// <param name="warn">Told of checkpoints that cannot be read.</param>
    /// <exception cref="InvalidOperationException">It cannot be made, has checkpoints that are not to be gone on from, or has some and none of them can be read.</exception>
    public CheckpointFolder(CheckpointSettings settings, Action<string> warn)
    {
        _settings = settings;
        try
        {
            Directory.CreateDirectory(settings.Folder);
            foreach (string partial in Directory.EnumerateFiles(settings.Folder, "*" + Extension + WholeFile.PartialExtension))
                File.Delete(partial);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException($"CheckpointFolder is '{settings.Folder}', but no checkpoints can be written there: {failure.Message} " +
                "Name a folder that can be written to.", failure);
        }

        if (!settings.Resume && Numbered().Count > 0)
        {
            throw new InvalidOperationException($"CheckpointFolder '{settings.Folder}' has the checkpoints of another training. " +
                "Set Resume to true to go on with it, or name another folder.");
        }
        Last = ReadLast(warn);
    }

    /// <summary>The last checkpoint that could be read when the folder was opened, and where it is; null where there was none.</summary>
    public (string Path, Checkpoint Checkpoint)? Last { get; }

    /// <summary>Adds a checkpoint, whereupon the oldest ones go; or replaces the best one.</summary>
    public void Write(Checkpoint checkpoint, IEnumerable<(string Name, Tensor Tensor)> tensors, bool best)
    {
        string name = best ? BestName : Prefix + checkpoint.Facts.Done.ToString("000000000", CultureInfo.InvariantCulture) + Extension;
        checkpoint.Write(Path.Combine(_settings.Folder, name), tensors);
        foreach ((_, string old) in Numbered().SkipLast(_settings.Kept))
            File.Delete(old);
    }

    private (string, Checkpoint)? ReadLast(Action<string> warn)
    {
        IReadOnlyList<(long, string)> all = Numbered();
        foreach ((_, string path) in all.Reverse())
        {
            try
            {
                return (path, Checkpoint.Read(path));
            }
            catch (Exception failure) when (failure is FormatException or IOException)
            {
                warn($"The checkpoint '{path}' cannot be read, and the one before it is taken: {failure.Message}");
            }
        }
        return all.Count == 0 ? null : throw new InvalidOperationException(
            $"None of the {all.Count} checkpoints in CheckpointFolder '{_settings.Folder}' can be read. Name another folder to start anew.");
    }

    private IReadOnlyList<(long Step, string Path)> Numbered() =>
    [
        .. from path in Directory.EnumerateFiles(_settings.Folder, Prefix + "*" + Extension)
           where path.EndsWith(Extension, StringComparison.Ordinal)
           let number = Path.GetFileNameWithoutExtension(path)[Prefix.Length..]
           where long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)
           let step = long.Parse(number, CultureInfo.InvariantCulture)
           orderby step
           select (step, path),
    ];
}
