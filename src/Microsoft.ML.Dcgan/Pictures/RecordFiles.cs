using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>Reports of progress in a file, a line of JSON each. Lines are only ever added, so that nothing that is there can be lost: a
/// report that is not later than those before takes the place of all that are not earlier, and a line that was cut short is passed
/// over.</summary>
internal sealed class ProgressFile
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly string _path;
    private readonly List<TrainingProgress> _reports = [];
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
            if (Parse(line) is { } report)
                Keep(report);
        }
    }

    public IReadOnlyList<TrainingProgress> Reports => _reports;

    public void Add(TrainingProgress report)
    {
        File.AppendAllText(_path, $"{(_endsInLine ? "" : "\n")}{JsonSerializer.Serialize(report, _json)}\n");
        _endsInLine = true;
        Keep(report);
    }

    /// <summary>What was reported later is from a training that did not last.</summary>
    public void ForgetAfter(long images) => _reports.RemoveAll(report => report.Images > images);

    private void Keep(TrainingProgress report)
    {
        _reports.RemoveAll(other => other.Step >= report.Step);
        _reports.Add(report);
    }

    private static TrainingProgress? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingProgress>(line, _json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A folder of looks at a training, as PNG files that are named by images trained on.</summary>
internal sealed class SampleFolder
{
    private const string Extension = ".png";
    private readonly string _folder;
    private readonly List<TrainingFrame> _frames;

    /// <param name="folder">It is made where it is missing; what is in it is kept.</param>
    public SampleFolder(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        foreach (string partial in Directory.EnumerateFiles(folder, "*" + Extension + AtomicFile.PartialExtension))
            File.Delete(partial);
        _frames = [.. from path in Directory.EnumerateFiles(folder, "*" + Extension)
                      let name = Path.GetFileNameWithoutExtension(path)
                      where long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                      let frame = new TrainingFrame(long.Parse(name, CultureInfo.InvariantCulture), path)
                      orderby frame.Images
                      select frame];
    }

    public IReadOnlyList<TrainingFrame> Frames => _frames;

    public void Add(TrainingSamples samples)
    {
        ForgetAfter(samples.Images - 1);
        string path = Path.Combine(_folder, samples.Images.ToString("D10", CultureInfo.InvariantCulture) + Extension);
        samples.ToGrid().Save(path);
        _frames.Add(new TrainingFrame(samples.Images, path));
    }

    /// <summary>What was seen later is from a training that did not last.</summary>
    public void ForgetAfter(long images)
    {
        foreach (TrainingFrame frame in _frames.Where(frame => frame.Images > images).ToArray())
        {
            File.Delete(frame.Path);
            _frames.Remove(frame);
        }
    }
}
