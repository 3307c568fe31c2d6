using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Dcgan.Tool.Output;
using Microsoft.ML.Dcgan.Tool.Pictures;
using Microsoft.ML.Dcgan.Tool.Report;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

internal sealed class EvaluateCommand : IToolCommand
{
    private const string Random = "random";
    private const string Pixels = "pixels";

    private readonly Argument<string> _model = ModelPath.Argument();

    private readonly Option<string> _images = new("--images")
    {
        Description = "The folder of real pictures, best those that it was not trained on.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<int?> _count = new("--count")
    {
        Description = "How many real and how many generated pictures; by default all real ones, and as many generated.",
        HelpName = "N",
    };

    private readonly Option<int> _seed = new("--seed")
    {
        DefaultValueFactory = _ => 0,
        Description = "Of the noise, of random features and of random subsets.",
        HelpName = "N",
    };

    private readonly Option<string> _features = new("--features")
    {
        DefaultValueFactory = _ => Random,
        Description = "What is compared: random features, pixels, what ResNet18 sees, which learnt from photographs, or what the " +
            "discriminator of another model zip does.",
        HelpName = "random|pixels|resnet18|MODEL",
    };

    private readonly Option<string?> _background = Background.Option();

    private readonly Option<DcganBadImages> _badImages = new("--bad-images")
    {
        Description = "What to do with pictures that cannot be read: stop, or leave them out (default stop).",
        HelpName = "stop|skip",
    };

    private readonly Option<string?> _report = new("--report")
    {
        Description = "Also write a page about the model: these numbers, its training, and which real pictures are nearest to some of " +
            "its own.",
        HelpName = "FILE.html",
    };

    public EvaluateCommand()
    {
        _features.CompletionSources.Add(Random, Pixels, ResNet18.FeaturesName);
        Command = new Command("evaluate", "Measures how a model's pictures compare with real ones.")
        {
            _model, _images, _count, _seed, _features, _background, _badImages, _report,
        };
    }

    public Command Command { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "dcgan evaluate run/model.zip --images held-out               how near its pictures are to others",
        "dcgan evaluate run/model.zip --images photos --report page.html",
    ];

    public int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation)
    {
        int? count = arguments.GetValue(_count);
        if (count < 2)
            throw new UsageException($"--count takes a whole number from 2 up, not {count}");
        int seed = arguments.GetValue(_seed);
        string model = arguments.GetRequiredValue(_model);
        string background = Background.Parse(arguments.GetValue(_background));
        IReadOnlyList<Picture> pictures = PictureFolder.Find(arguments.GetRequiredValue(_images), output.Note, count);
        if (arguments.GetValue(_badImages) == DcganBadImages.Skip)
            pictures = PictureView.Readable(pictures, output.Note);
        MLContext ml = output.Context(seed);
        using DcganTransformer gan = ModelPath.LoadGenerator(ml, model);
        string compared = arguments.GetRequiredValue(_features);
        IDataView real = PictureView.Of(ml, pictures, gan.ImageWidth, gan.ImageHeight, gan.Channels, background);
        (ITransformer? Transformer, string? Words) features = compared switch
        {
            Random or Pixels => (null, null),
            ResNet18.FeaturesName => (ResNet18.Of(ml, real, PictureView.ColumnName), ResNet18.Words),
            _ => (Featurizer(ml, compared, gan), $"what the discriminator of {compared} sees"),
        };
        using var _ = features.Transformer as IDisposable;

        ImageGenerationMetrics metrics = new LongJob(output).Run("evaluating", report =>
            ml.ImageGeneration().Evaluate(real, gan.Transform(gan.SampleNoise(pictures.Count, seed)), new ImageGenerationOptions
            {
                RealColumnName = PictureView.ColumnName,
                GeneratedColumnName = gan.OutputColumnName,
                FeatureExtractor = features.Transformer,
                RandomFeatures = compared == Random,
                Distribution = Ranks.Distribution,
                KernelSubsetSize = Math.Clamp(pictures.Count / 4, 2, new ImageGenerationOptions().KernelSubsetSize),
                Progress = read => report(new JobProgress(read <= 0.5 ? "reading pictures" : read < 1 ? "generating" : "comparing", read)),
                CancellationToken = cancellation,
            }));
        string words = features.Words ?? metrics.FeatureExtractor;
        Write(metrics, words, output);
        if (arguments.GetValue(_report) is { } page && Ranks.IsRoot)
        {
            new TrainingReport(gan)
            {
                ModelPath = model,
                Metrics = metrics,
                Features = words,
                RealPictures = pictures,
                Background = background,
            }.Save(page);
            output.Line($"{page}   the model and these numbers, with the nearest real pictures");
        }
        return ExitCode.Done;
    }

    // Other models of this library are taken for what their discriminator sees.
    private static DcganFeaturizer Featurizer(MLContext ml, string path, DcganTransformer gan)
    {
        using DcganTransformer other = ModelPath.LoadGenerator(ml, path);
        return (other.ImageWidth, other.ImageHeight) == (gan.ImageWidth, gan.ImageHeight)
            ? other.Featurizer(inputColumnName: PictureView.ColumnName)
            : throw new UsageException($"--features '{path}' is of {other.ImageWidth}x{other.ImageHeight} pixels, " +
                $"but the model makes pictures of {gan.ImageWidth}x{gan.ImageHeight}");
    }

    /// <summary>What was measured, and what it is at best.</summary>
    public static IEnumerable<(string Name, string Value, string Best)> Rows(ImageGenerationMetrics metrics) =>
        metrics.Results.Where(metric => metric.IsMeasured).Select(metric => (metric.Name, metric.ValueText, metric.Best));

    /// <summary>What the numbers depend on.</summary>
    /// <param name="metrics">The numbers.</param>
    /// <param name="features">What was compared, in words.</param>
    public static string Conditions(ImageGenerationMetrics metrics, string features) =>
        FormattableString.Invariant($"{metrics.RealCount:N0} real and {metrics.GeneratedCount:N0} generated pictures, ") +
        FormattableString.Invariant($"{metrics.FeatureSize:N0} features ({features}), seed {metrics.Seed}");

    private static void Write(ImageGenerationMetrics metrics, string features, CommandOutput output)
    {
        (string Name, string Value, string Best)[] rows = [("metric", "value", "best"), .. Rows(metrics)];
        (int name, int value) = (rows.Max(row => row.Name.Length), rows.Max(row => row.Value.Length));
        foreach ((string Name, string Value, string Best) row in rows)
            output.Line($"{row.Name.PadRight(name)}   {row.Value.PadRight(value)}   {row.Best}");
        output.Line(Conditions(metrics, features));
        output.Result(Json(metrics, features));
    }

    private static JsonObject Json(ImageGenerationMetrics metrics, string features)
    {
        var json = new JsonObject();
        foreach (ImageGenerationMetric metric in metrics.Results)
        {
            Add(metric.Id, Number(metric.Value));
            if (metric.StandardError is double error)
                Add($"{metric.Id}StandardError", Number(error));
        }
        Add(nameof(metrics.SimilarityScales), metrics.SimilarityScales);
        Add(nameof(metrics.RealCount), metrics.RealCount);
        Add(nameof(metrics.GeneratedCount), metrics.GeneratedCount);
        Add(nameof(metrics.FeatureSize), metrics.FeatureSize);
        Add(nameof(metrics.FeatureExtractor), features);
        Add(nameof(metrics.Seed), metrics.Seed);
        Add(nameof(metrics.Warnings), new JsonArray([.. metrics.Warnings.Select(warning => (JsonNode)warning)]));
        return json;

        void Add(string name, JsonNode? value) => json[JsonNamingPolicy.CamelCase.ConvertName(name)] = value;

        // What was not measured is null: JSON has no NaN.
        static JsonNode? Number(double value) => double.IsNaN(value) ? null : value;
    }
}
