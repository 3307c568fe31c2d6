using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Dcgan.Rendering;

/// <summary>
/// Reports of progress in a file, a line of JSON each. Lines are only ever added, so that nothing that is there can be lost: a
/// report that is not later than those before takes the place of all that are not earlier, and a line that was cut short is passed over.
/// </summary>
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
