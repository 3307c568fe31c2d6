using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Tests.Storage;

[TestClass]
public sealed class StoredJsonTests
{
    // The framework's, which reads and writes the same.
    private static readonly JsonSerializerOptions _serializer = new()
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        IncludeFields = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
    };

    [TestMethod]
    public void Everything_comes_back()
    {
        string json = Text(Full);
        Assert.AreEqual(json, Text(Read(json)!));
        // It has what follows from the rest, too.
        Assert.AreEqual(JsonNode.Parse(json)!.ToJsonString(),
            Changed(JsonSerializer.Serialize(Full, _serializer), "network.resolutions", null), "written by the serializer");
        Assert.AreEqual(json, Text(JsonSerializer.Deserialize<ModelDescription>(json, _serializer)!), "read by the serializer");
    }

    [TestMethod]
    public void An_error_says_where()
    {
        string json = Text(Full);
        Refused(Changed(json, "options.batchSize", () => "many"), "Path: $.options.batchSize");
        Refused(Changed(json, "summary.history.1.realScore", () => true), "Path: $.summary.history[1].realScore");
        Refused(Changed(json, "summary.history.1.realScore", null), "'realScore'");
        Refused(json + "1", "'1' is invalid after a single JSON value");
        Refused(Changed(json, "summary.unknown", () => JsonNode.Parse(new string('[', 20) + new string(']', 20))),
            "maximum configured depth of 16");
    }

    private static ModelDescription Full => new()
    {
        Kind = DcganModelKind.Generator,
        Network = new NetworkShape(16, 12, 3, 5, 4, 6, 4) { Classes = 2, Upsampling = DcganUpsampling.ResizeConvolution },
        OutputColumnName = "Made",
        InputColumnName = "Z",
        BatchSize = 8,
        NoiseSeed = -3,
        Labels = new LabelDescription("Class", DataKind.String, ["a", "b"]),
        Options = new DcganEstimator.Options
        {
            Epochs = 2,
            BatchSize = 4,
            Seed = 7,
            Precision = DcganPrecision.Float32,
            EvaluationInterval = 100,
            EvaluationSamples = 10,
            EvaluationPatience = 2,
            Augmentation = DcganAugmentation.Translation | DcganAugmentation.Cutout,
            DiscriminatorLearningRate = 0.002,
            HealthInterval = 50,
            HealthPolicy = DcganHealthPolicy.RollBack,
            CheckpointFolder = "folder",
            CheckpointInterval = 100,
            CheckpointMinutes = 1.5,
            CheckpointsKept = 3,
            Resume = true,
            SampleInterval = 20,
            SampleCount = 4,
        },
        Summary = new TrainingSummary
        {
            Images = 1L << 40,
            Epochs = 2,
            BatchSize = 4,
            Steps = 3,
            PlannedSteps = 4,
            Seed = 7,
            Device = "cpu",
            Precision = DcganPrecision.Float32,
            Duration = TimeSpan.FromSeconds(1.25),
            Cancelled = true,
            FrechetDistance = 1.5,
            BestStep = 2,
            Events = [new TrainingEvent { Alarm = TrainingAlarm.Diverged, Step = 1, Images = 4, Action = DcganHealthPolicy.Warn,
                Message = "\"so\"" }],
            History = [Report(1), Report(2)],
        },
    };

    private static TrainingProgress Report(int step) => new()
    {
        Epoch = 1,
        Epochs = 2,
        Step = step,
        Steps = 4,
        Images = 4 * step,
        DiscriminatorLoss = 0.1 * step,
        GeneratorLoss = 2,
        RealScore = 0.8,
        GeneratedScoreBefore = 0.2,
        GeneratedScoreAfter = 1e-9,
        Diversity = step == 1 ? null : 0.5,
        ImagesPerSecond = 100,
        Elapsed = TimeSpan.FromDays(1.5),
        TimeLeft = TimeSpan.Zero,
    };

    private static string Text(ModelDescription description)
    {
        using var stream = new MemoryStream();
        StoredJson.Write(stream, description);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static ModelDescription? Read(string json) => StoredJson.Read<ModelDescription>(Encoding.UTF8.GetBytes(json));

    private static void Refused(string json, string message) =>
        StringAssert.Contains(Assert.Throws<JsonException>(() => Read(json)).Message, message);

    private static string Changed(string json, string path, Func<JsonNode?>? other)
    {
        JsonNode root = JsonNode.Parse(json)!;
        string[] names = path.Split('.');
        JsonNode parent = names[..^1].Aggregate(root, (node, name) => node is JsonArray items ? items[int.Parse(name)]! : node[name]!);
        if (parent is JsonArray array)
        {
            array.RemoveAt(int.Parse(names[^1]));
            if (other != null)
                array.Insert(int.Parse(names[^1]), other());
        }
        else
        {
            parent.AsObject().Remove(names[^1]);
            if (other != null)
                parent[names[^1]] = other();
        }
        return root.ToJsonString();
    }
}
