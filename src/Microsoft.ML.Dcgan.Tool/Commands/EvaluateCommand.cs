using System.CommandLine;
using Microsoft.ML.Dcgan.Tool.Output;
using Microsoft.ML.Dcgan.Tool.Pictures;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

internal sealed class EvaluateCommand : IToolCommand
{
    private const string Random = "random";
    private const string Pixels = "pixels";

    private readonly Argument<string> _model = new("MODEL") { Description = "A model zip." };
    private readonly Option<string> _images = new("--images") { Description = "The folder of real pictures, best those that it was not trained on.", HelpName = "DIR", Required = true };
    private readonly Option<int?> _count = new("--count") { Description = "How many real and how many generated pictures; by default all real ones, and as many generated.", HelpName = "N" };
    private readonly Option<int> _seed = new("--seed") { DefaultValueFactory = _ => 0, Description = "Of the noise, of random features and of random subsets.", HelpName = "N" };
    private readonly Option<string> _features = new("--features") { DefaultValueFactory = _ => Random, Description = "What is compared: random features, pixels, or what the discriminator of another model zip sees.", HelpName = "random|pixels|MODEL" };

    public EvaluateCommand() => Command = new Command("evaluate", "Measures how a model's pictures compare with real ones.") { _model, _images, _count, _seed, _features };

    public Command Command { get; }

    public int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation)
    {
        int? count = arguments.GetValue(_count);
        if (count < 2)
            throw new UsageException($"--count takes a whole number from 2 up, not {count}");
        int seed = arguments.GetValue(_seed);
        IReadOnlyList<Picture> pictures = PictureFolder.Find(arguments.GetRequiredValue(_images), count);
        MLContext ml = output.Context(seed);
        using DcganTransformer gan = LoadedModel.Generator(ml, arguments.GetRequiredValue(_model));
        string compared = arguments.GetRequiredValue(_features);
        using DcganFeaturizer? features = compared is Random or Pixels ? null : Featurizer(ml, compared);
        if (features != null && (features.ImageWidth, features.ImageHeight) != (gan.ImageWidth, gan.ImageHeight))
            throw new UsageException($"--features '{compared}' is of {features.ImageWidth}x{features.ImageHeight} pixels, but the model makes pictures of {gan.ImageWidth}x{gan.ImageHeight}");

        ImageGenerationMetrics metrics = new LongJob(output).Run("evaluating", report =>
        {
            IDataView real = PictureView.Of(ml, pictures, gan.ImageWidth, gan.ImageHeight, gan.Channels);
            return ml.ImageGeneration().Evaluate(real, gan.Transform(gan.SampleNoise(pictures.Count, seed)), new ImageGenerationOptions
            {
                RealColumnName = PictureView.ColumnName,
                GeneratedColumnName = gan.OutputColumnName,
                FeatureExtractor = features,
                RandomFeatures = compared == Random,
                Progress = read => report(new JobProgress(read <= 0.5 ? "reading pictures" : read < 1 ? "generating" : "comparing", read)),
                CancellationToken = cancellation,
            });
        });
        Tell(metrics, output);
        return ExitCode.Done;
    }

    // Other models of this library are taken for what their discriminator sees.
    private static DcganFeaturizer Featurizer(MLContext ml, string path)
    {
        using DcganTransformer other = LoadedModel.Generator(ml, path);
        return other.Featurizer(inputColumnName: PictureView.ColumnName);
    }

    private static void Tell(ImageGenerationMetrics metrics, CommandOutput output)
    {
        (string Name, double Value, string Best)[] rows =
        [
            ("Fréchet distance", metrics.FrechetDistance, "0"),
            ("kernel distance", metrics.KernelDistance, "0"),
            ("  standard error", metrics.KernelDistanceStandardError, ""),
            ("precision", metrics.Precision, "1"),
            ("recall", metrics.Recall, "1"),
            ("density", metrics.Density, "about 1"),
            ("coverage", metrics.Coverage, "1"),
            ("MS-SSIM", metrics.MsSsim, "that of real pictures"),
        ];
        output.Line($"{"metric",-20}{"value",10}   best");
        foreach ((string name, double value, string best) in rows.Where(row => !double.IsNaN(row.Value)))
            output.Line(FormattableString.Invariant($"{name,-20}{value,10:G4}   {best}"));
        output.Line(FormattableString.Invariant($"{metrics.RealCount:N0} real and {metrics.GeneratedCount:N0} generated pictures, {metrics.FeatureSize:N0} features ({metrics.FeatureExtractor}), seed {metrics.Seed}"));
        foreach (string warning in metrics.Warnings)
            output.Note(warning);
        output.Result(new
        {
            FrechetDistance = Number(metrics.FrechetDistance),
            KernelDistance = Number(metrics.KernelDistance),
            KernelDistanceStandardError = Number(metrics.KernelDistanceStandardError),
            Precision = Number(metrics.Precision),
            Recall = Number(metrics.Recall),
            Density = Number(metrics.Density),
            Coverage = Number(metrics.Coverage),
            MsSsim = Number(metrics.MsSsim),
            metrics.SimilarityScales,
            metrics.RealCount,
            metrics.GeneratedCount,
            metrics.FeatureSize,
            metrics.FeatureExtractor,
            metrics.Seed,
            metrics.Warnings,
        });
    }

    // What was not measured is null: JSON has no NaN.
    private static double? Number(double value) => double.IsNaN(value) ? null : value;
}
