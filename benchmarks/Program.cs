using System.CommandLine;
using Microsoft.ML.Dcgan;
using Microsoft.ML.Dcgan.Benchmarks;
using Microsoft.ML.Dcgan.Benchmarks.Experiments;
using Microsoft.ML.Dcgan.Benchmarks.Speed;
using Microsoft.ML.Dcgan.Training;

// As users have it: the library loads libtorch, and says how its threads wait. Before anything else asks for libtorch.
LibTorch.Require();

const string Sides = "--size --channels --batch --maps --threads --precision --python --scripts";
const string Turns = Sides + " --rounds --steps --device";
const string Kept = "SEED --seeds --images --batch --maps --threads --precision --out --python --scripts";
const string Judged = "--seeds --pictures --epochs --batch --maps --precision --out --python --scripts";
const string Colour = " With --data colour or faces it starts from 40,000 images, minibatches of 32 and 24 feature maps.";

var root = new RootCommand("""
    Measures speed and quality. Where there is something to compare with, the last line is "ratio N.NN".

    In step and generate this library takes turns with the shortest loop that TorchSharp allows, with PyTorch as it is and tuned by
    hand, where it is installed, and with PyTorch's official example on the same libtorch; in step also with a step's convolutions
    with nothing between them, and with as many multiplications and additions in registers, the processor's peak. The ratio is this
    library's speed over the example's; of quality, its Fréchet distance over the example's. What an earlier run of precision,
    quality, time-to-quality, options, small or conditional left in --out is not done again.
    """)
{
    Benchmark.Command("step", "Training steps.", options => Contest.Step(options), Turns),
    Benchmark.Command("generate", "Pictures from noise, one at a time and a batch at a time.", options => Contest.Generate(options), Turns),
    Benchmark.Command("all", "step and generate.", options => Contest.All(options), Turns),
    Benchmark.Command("files", "From a folder of PNG files to the end of one epoch, against PyTorch's example.", options =>
        FilesToEpoch.Run(options), Sides + " --folder"),
    Benchmark.Command("memory", "A training set larger than memory should be, against a few images.", options => LargeSet.Run(options),
        Turns + " --count --cache"),
    Benchmark.Command("costs", "How time and memory grow with size, feature maps, minibatch and threads: tables, and curves in --out.", CostCurves.Run,
        "--size --channels --batch --maps --threads --precision --rounds --out", _ => new() { Rounds = 3, Output = "out/costs" }),
    Benchmark.Command("neighbours", "What is left of the speed beside another process: a busy loop, or the same work.", Neighbours.Run, Turns),
    Benchmark.Command("scaling", "Replicas that share a minibatch, in this process or those of an MPI launcher; and a model of more machines, with curves in --out.",
        Scaling.Run, "--size --channels --batch --maps --threads --precision --rounds --steps --set --out", _ => new() { Output = "out/scaling" }),
    Benchmark.Command("replicas", "How far replicas come from one process on the same minibatches, with their losses in --out.", ReplicaAgreement.Run,
        "--batch --maps --precision --out", _ => new() { Size = 32, Channels = 1, Batch = 32, Maps = 32, Output = "out/replicas" }),
    Benchmark.Command("metrics", "Time and memory of the metrics of generated images.", MetricsCost.Run, "--samples --features --device"),
    Benchmark.Command("service", "The web service of the samples, asked by many clients at once, of which some are hostile.", ServiceLoad.Run,
        "--model --size --channels --maps --clients --seconds --hostile", _ => new() { Maps = 32, Model = "" }),

    Benchmark.Command("quality",
        "The quality of this library's pictures and of PyTorch's example's, trained alike on Fashion-MNIST 32x32, and of this library's on half as many images.",
        options => ExampleQuality.Run(options), Kept),
    Benchmark.Command("time-to-quality",
        "Seconds of training until pictures are as good as those of PyTorch's example, on the same libtorch, after its --epochs.",
        TimeToQuality.Run, Kept + " --epochs --example-rate --rounds --data", data => new()
        {
            Images = 240_000,
            Epochs = 25,
            ExampleRate = 0.001,
            Batch = 32,
            Maps = data != PictureSet.Fashion ? 24 : 32,
            Seeds = 1,
            Rounds = 3,
            CurveInterval = 60_000,
        }),
    Benchmark.Command("precision", "The quality of float32 and of bfloat16, as Fréchet distances on Fashion-MNIST 32x32.", options =>
        PrecisionQuality.Run(options), Kept),
    Benchmark.Command("options",
        "The quality with options of the estimator, each --set, as a ratio to the first; 'example' is PyTorch's; if none is, of the defaults and the paper's rate." + Colour,
        OptionQuality.Run,
        Kept + " --set --data --curve --resnet", data => data != PictureSet.Fashion ? new() { Images = 40_000, Batch = 32, Maps = 24 }
            : new() { Images = 60_000, Maps = 32 }),
    Benchmark.Command("small",
        "The same for a few training pictures, and how many of them are memorised." + Colour,
            SmallSet.Run,
        Kept + " --set --data --pictures",
        data => data != PictureSet.Fashion ? new() { Images = 40_000, Batch = 32, Maps = 24, Pictures = 200 }
            : new() { Images = 60_000, Maps = 32, Pictures = 200 }),
    Benchmark.Command("conditional", "How often a classifier takes pictures of a class for what was asked, on Fashion-MNIST 32x32; with the defaults if nothing is --set.",
        ConditionalAccuracy.Run,
        Kept + " --set", _ => new() { Maps = 32 }),
    Benchmark.Command("modes",
        "How many of the 1,000 combinations of classes a generator of three grey pictures as colour channels makes; with the defaults if nothing is --set.",
        ModeCoverage.Run, Kept + " --set", _ => new() { Images = 600_000, Batch = 32, Maps = 32 }),
    Benchmark.Command("features", "What a linear SVM makes of a discriminator's features of Fashion-MNIST 32x32, and of raw pixels.",
        options => FeatureQuality.Run(options), Judged + " --labelled"),
    Benchmark.Command("trainers", "What ML.NET's trainers make of a discriminator's features of Fashion-MNIST 32x32, of raw pixels, and with --resnet true of ResNet18's features.",
        options => TrainerQuality.Run(options), "SEED --seeds --pictures --epochs --batch --maps --precision --out --labelled --resnet",
        _ => new() { Labelled = 1_000, Maps = 32, Batch = 32, Epochs = 6, Seeds = 1 }),
    Benchmark.Command("realness", "What the realness scorer tells apart from Fashion-MNIST 32x32, and what ML.NET's RandomizedPca does.", options => RealnessQuality.Run(options),
        Judged),
    Benchmark.Command("distortions", "The metrics of real pictures against distorted ones, as JSON.", Distortions.Run, "--out"),
    Benchmark.Command("health", "Whether healthy trainings on Fashion-MNIST 32x32 raise no alarm, and trainings built to fail raise the right one.",
        HealthRuns.Run, "--precision"),
    Benchmark.Command("killed", "Whether dcgan, killed 40 times while it trains, saves and exports, leaves nothing that cannot be read, and ends in the same weights.", KilledRuns.Run,
        "SEED --out"),
    Benchmark.Command("soak", "Whether memory, open files, threads and temporary files grow over long use: training, generating, loading, and trainings that fail.",
        Soak.Run, "--out"),
    Benchmark.Command("latent", "How well a model of Fashion-MNIST finds the noise of pictures, and pictures of its latent space.",
        LatentSpace.Run,
        "--model --inverted --out"),
};

// Of the ranks of an MPI launcher one speaks.
if (DcganMpi.IsLaunched && DcganMpi.Rank > 0)
    Console.SetOut(TextWriter.Null);
ParseResult parsed = root.Parse(args.Length > 0 ? args : ["--help"]);
try
{
    int code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count > 0 ? Benchmark.WrongUsage : code;
}
catch (FormatException wrong)
{
    Console.Error.WriteLine($"benchmarks: {wrong.Message} ('{parsed.CommandResult.Command.Name} --help' tells more.)");
    return Benchmark.WrongUsage;
}
