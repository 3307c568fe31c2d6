using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>Reports of progress in a file, a line of JSON each. Lines are only ever added, so that nothing that is there can be lost: a
/// report that is not later than those before takes the place of all that are not earlier, and a line cut short is passed over.</summary>
internal sealed class ProgressFile
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly string _path;
    private bool _endsInLine = true;

    public ProgressFile(string path)
    {
        _path = path;
        if (!File.Exists(path))
            return;
        string text = File.ReadAllText(path);
        _endsInLine = text.Length == 0 || text[^1] == '\n';
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                if (JsonSerializer.Deserialize<TrainingProgress>(line, _json) is { } report)
                    Keep(report);
            }
            catch (JsonException)
            {
                // It was cut short.
            }
        }
    }

    public List<TrainingProgress> Reports { get; } = [];

    public void Add(TrainingProgress report)
    {
        string line = $"{(_endsInLine ? "" : "\n")}{JsonSerializer.Serialize(report, _json)}\n";
        // It may be cut short by a full disk.
        _endsInLine = false;
        File.AppendAllText(_path, line);
        _endsInLine = true;
        Keep(report);
    }

    /// <summary>What was reported later is from a training that did not last.</summary>
    public void ForgetAfter(long images) => Reports.RemoveAll(report => report.Images > images);

    private void Keep(TrainingProgress report)
    {
        Reports.RemoveAll(other => other.Step >= report.Step);
        Reports.Add(report);
    }
}

/// <summary>A folder of looks at a training, as PNG files that are named by images trained on.</summary>
internal sealed class SampleFolder
{
    private const string Extension = ".png";
    private readonly string _folder;

    /// <param name="folder">It is made where it is missing; what is in it is kept.</param>
    public SampleFolder(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        foreach (string partial in Directory.EnumerateFiles(folder, "*" + Extension + AtomicFile.PartialExtension))
            File.Delete(partial);
        Frames = [.. from path in Directory.EnumerateFiles(folder, "*" + Extension)
                     let images = long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture,
                         out long number) ? number : -1
                     where images >= 0
                     orderby images
                     select new TrainingFrame(images, path)];
    }

    public List<TrainingFrame> Frames { get; }

    public void Add(TrainingSamples samples)
    {
        ForgetAfter(samples.Images - 1);
        string path = Path.Combine(_folder, samples.Images.ToString("D10", CultureInfo.InvariantCulture) + Extension);
        samples.ToGrid().Save(path);
        Frames.Add(new TrainingFrame(samples.Images, path));
    }

    /// <summary>What was seen later is from a training that did not last.</summary>
    public void ForgetAfter(long images)
    {
        foreach (TrainingFrame frame in Frames.Where(frame => frame.Images > images).ToArray())
        {
            File.Delete(frame.Path);
            Frames.Remove(frame);
        }
    }
}
