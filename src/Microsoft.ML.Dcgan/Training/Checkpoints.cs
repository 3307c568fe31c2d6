using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>A training at one moment, but for the images and what follows from the seed, in a file: a zip of a JSON and tensors.</summary>
internal sealed record Checkpoint
{
    public const int CurrentFormatVersion = 1;
    private const string DescriptionName = "checkpoint.json";
    private const string TensorsName = "state.safetensors";

    public int FormatVersion { get; init; } = CurrentFormatVersion;

    public required NetworkShape Network { get; init; }

    public required DcganEstimator.Options Options { get; init; }

    /// <summary>What networks compute in; a training that goes on must not change it.</summary>
    public required DcganPrecision Precision { get; init; }

    /// <summary>How many images it trains on.</summary>
    public required long Images { get; init; }

    /// <summary>What the images are known by.</summary>
    public required string Fingerprint { get; init; }

    public required ResumableState Resumable { get; init; }

    /// <summary>Writes a file of another name first, and renames it when all of it is on the disk.</summary>
    public void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors) => AtomicFile.Write(path, file =>
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        using (Stream json = zip.CreateEntry(DescriptionName, CompressionLevel.NoCompression).Open())
            StoredJson.Write(json, this);
        using (Stream weights = zip.CreateEntry(TensorsName, CompressionLevel.NoCompression).Open())
            Safetensors.Write(weights, tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Tensor));
    });

    /// <exception cref="FormatException">The file is damaged, or from a newer version of this library.</exception>
    public static Checkpoint Read(string path)
    {
        Checkpoint checkpoint = Entry(path, DescriptionName, ReadDescription);
        // Read to the end and compared with its checksum, while there is a checkpoint before it to take instead.
        return Entry(path, TensorsName, (_, _) => checkpoint);
    }

    private static Checkpoint ReadDescription(Stream stream, string name)
    {
        Checkpoint checkpoint = StoredJson.Read<Checkpoint>(BoundedStream.ReadToEnd(stream, StoredJson.LargestSize, name))
            ?? throw new FormatException($"{name} is empty.");
        if (checkpoint.FormatVersion > CurrentFormatVersion)
        {
            throw new FormatException($"{name} is of format version {checkpoint.FormatVersion}, but this version of " +
                $"Microsoft.ML.Dcgan reads versions up to {CurrentFormatVersion}. Update the Microsoft.ML.Dcgan package.");
        }
        return checkpoint;
    }

    /// <summary>Gives tensors the values that they have in the file.</summary>
    /// <exception cref="FormatException">The file is damaged, or has other tensors.</exception>
    public static void Load(string path, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        (string Name, Tensor Tensor)[] live = tensors.ToArray();
        Dictionary<string, StoredTensor> stored = Entry(path, TensorsName,
            (stream, name) => Safetensors.Read(stream, name, live.Sum(tensor => tensor.Tensor.numel())));
        Safetensors.CopyTo(live, stored, $"{TensorsName} in '{path}'", _ => "does not: it is damaged");
    }

    /// <summary>Checks that a training can go on from this one, which is at a path.</summary>
    /// <exception cref="InvalidOperationException">This one is of another training; the message says in what.</exception>
    public void RequireSameTraining(string path, Checkpoint now)
    {
        DcganEstimator.Options options = Network.ApplyTo(Options), optionsNow = now.Network.ApplyTo(now.Options.Stored());
        OptionField? other = OptionsSchema<DcganEstimator.Options>.Difference(options, optionsNow,
            option => !option.Has<FreeOnResumeAttribute>());
        (string What, string Remedy)? mismatch =
            other != null
                ? ($"with {other.Name} {other.TextOf(options)}, but it is {other.TextOf(optionsNow)} now", $"Set {other.Name} as it was")
            : Network.Classes != now.Network.Classes
                ? ($"of {Network.Classes} classes, but there are {now.Network.Classes} now", "Give it the same data")
            : Images != now.Images ? ($"on {Images} images, but the data has {now.Images}", "Give it the same data")
            : Fingerprint != now.Fingerprint
                ? ("on other images than these, or on the same in another order",
                    "Give it the same data, in the same order: sort the paths, for instance")
            : null;
        if (mismatch is (string what, string remedy))
        {
            throw new InvalidOperationException(
                $"The checkpoint '{path}' is of a training {what}. {remedy}, or name another CheckpointFolder to start anew.");
        }
    }

    private static T Entry<T>(string path, string name, Func<Stream, string, T> read)
    {
        try
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            ZipArchiveEntry entry = zip.GetEntry(name) ?? throw new FormatException($"'{path}' has no {name}: it is no checkpoint.");
            using Stream stream = entry.Open();
            string where = $"{name} in '{path}'";
            return ChecksumStream.Read(stream, entry.Crc32, where, passing => read(passing, where));
        }
        catch (Exception failure) when (failure is InvalidDataException or JsonException or ArgumentException or NotSupportedException)
        {
            throw new FormatException($"'{path}' is no checkpoint, or damaged: {failure.Message}", failure);
        }
    }
}

/// <summary>The checkpoints of one training: the last few, and the one with the best evaluation. A disk that is full, or gone, costs the
/// checkpoint, not the training.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    private const string Extension = ".checkpoint";
    private const string BestName = "best" + Extension;
    private const string Prefix = "minibatch-";
    private readonly DcganEstimator.Options _options;
    private readonly string _folder;
    private readonly FolderLock _lock;
    private readonly Stopwatch _sinceLast = new();
    private long _imagesAtLast;
    private Checkpoint? _training;

    /// <param name="options">Where it is, made where it is missing, and when checkpoints are due.</param>
    /// <param name="warn">Told of checkpoints that cannot be read.</param>
    /// <exception cref="InvalidOperationException">It cannot be made, is in use by another training, has checkpoints that are not to be
    /// gone on from, or has some and none of them can be read.</exception>
    public CheckpointFolder(DcganEstimator.Options options, Action<string> warn)
    {
        _options = options;
        _folder = options.CheckpointFolder!;
        try
        {
            Directory.CreateDirectory(_folder);
            _lock = new FolderLock(_folder);
            foreach (string partial in Directory.EnumerateFiles(_folder, "*" + Extension + AtomicFile.PartialExtension))
                File.Delete(partial);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException(
                $"CheckpointFolder is '{_folder}', but no checkpoints can be written there: {failure.Message} " +
                "Name a folder that can be written to.", failure);
        }

        Last = Ownership.HandOver(_lock, _ => ReadLast(warn));
    }

    /// <summary>The last checkpoint that could be read when the folder was opened, and where it is; null where there was none.</summary>
    public (string Path, Checkpoint Checkpoint)? Last { get; }

    /// <summary>Goes on from the last checkpoint, if there is one; those to come are of this training.</summary>
    /// <exception cref="InvalidOperationException">The last checkpoint is of other networks, options or images.</exception>
    public void Begin(TrainingState state, GanNetworks networks, DcganEstimator.Options options, long images, string fingerprint)
    {
        _training = new Checkpoint
        {
            Network = networks.Shape,
            Options = options,
            Precision = PrecisionChoice.Name(networks.Precision),
            Images = images,
            Fingerprint = fingerprint,
            Resumable = state.Resumable,
        };
        if (Last is (string path, Checkpoint checkpoint))
        {
            checkpoint.RequireSameTraining(path, _training);
            Checkpoint.Load(path, state.Tensors);
            state.Resumable = checkpoint.Resumable;
        }
        _imagesAtLast = state.Images;
        _sinceLast.Start();
    }

    public bool IsDue(TrainingState state) =>
        (_options.CheckpointInterval > 0 && state.Images - _imagesAtLast >= _options.CheckpointInterval)
        || (_options.CheckpointMinutes > 0 && _sinceLast.Elapsed.TotalMinutes >= _options.CheckpointMinutes);

    /// <summary>Adds a checkpoint, whereupon the oldest ones go; or replaces the best one. Returns what to say where that fails.</summary>
    public string? Write(TrainingState state, TimeSpan elapsed, bool best = false)
    {
        if (!best)
        {
            _imagesAtLast = state.Images;
            _sinceLast.Restart();
        }
        try
        {
            string name = best ? BestName : Prefix + state.Done.ToString("000000000", CultureInfo.InvariantCulture) + Extension;
            Checkpoint checkpoint = _training! with { Resumable = state.Resumable with { Elapsed = elapsed } };
            checkpoint.Write(Path.Combine(_folder, name), state.Tensors);
            foreach (string old in Numbered().SkipLast(_options.CheckpointsKept))
                File.Delete(old);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"No checkpoint could be written to '{_folder}': {failure.Message} " +
                "Training goes on, and the checkpoints written before are as they were.";
        }
    }

    public void Dispose() => _lock.Dispose();

    private (string, Checkpoint)? ReadLast(Action<string> warn)
    {
        string[] all = Numbered();
        if (!_options.Resume && all.Length > 0)
        {
            throw new InvalidOperationException($"CheckpointFolder '{_folder}' has the checkpoints of another training. " +
                "Set Resume to true to go on with it, or name another folder.");
        }
        foreach (string path in all.AsEnumerable().Reverse())
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
        return all.Length == 0 ? null : throw new InvalidOperationException(
            $"None of the {all.Length} checkpoints in CheckpointFolder '{_folder}' can be read. Name another folder to start anew.");
    }

    // From the first to the last.
    private string[] Numbered() =>
    [
        .. from path in Directory.EnumerateFiles(_folder, Prefix + "*" + Extension)
           where path.EndsWith(Extension, StringComparison.Ordinal)
           let step = long.TryParse(Path.GetFileNameWithoutExtension(path)[Prefix.Length..], NumberStyles.None,
               CultureInfo.InvariantCulture, out long number) ? number : -1
           where step >= 0
           orderby step
           select path,
    ];
}
