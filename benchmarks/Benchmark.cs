using System.CommandLine;
using Microsoft.ML.Dcgan.Benchmarks.Experiments;
using TorchSharp;

namespace Microsoft.ML.Dcgan.Benchmarks;

using Command = System.CommandLine.Command; // not ML.NET's namespace

/// <summary>A benchmark as a command, with those of the options below that it heeds.</summary>
internal static class Benchmark
{
    public const int WrongUsage = 2;

    private static readonly BenchmarkParameter[] _parameters =
    [
        Number("--size", "Height and width of the images.", options => options.Size, (options, value) => options with { Size = value }),
        Number("--channels", "1 or 3.", options => options.Channels, (options, value) => options with { Channels = value }),
        Number("--batch", "Images in a batch.", options => options.Batch, (options, value) => options with { Batch = value }),
        Number("--maps", "Feature maps of both networks at full size.", options => options.Maps, (options, value) =>
            options with { Maps = value }),
        Number("--rounds", "How often each has its turn.", options => options.Rounds, (options, value) => options with { Rounds = value }),
        Number("--steps", "Steps, or batches, in each turn.", options => options.Steps, (options, value) => options with { Steps = value }),
        Number("--threads", "Threads of each.", options => options.Threads, (options, value) => options with { Threads = value }),
        Text("--device", "Where to compute.", "cpu|cuda", _ => "cpu", (options, value) => options with { Device = Device(value) }, "cpu",
            "cuda"),
        new BenchmarkParameter<DcganPrecision>("--precision", "This library's.", "Auto|Float32|BFloat16",
            options => options.Precision, (options, value) => options with { Precision = value }),
        Number("--seeds", "Trainings of each, with the seeds from 1 up.", options => options.Seeds, (options, value) =>
            options with { Seeds = value }),
        Number("--images", "Images trained on.", options => options.Images, (options, value) => options with { Images = value }),
        Number("--curve", "Images between two distances of the training's course, which the course's table shows; 0: none.",
            options => options.CurveInterval, (options, value) => options with { CurveInterval = value }, least: 0),
        Number("--pictures", "Pictures of the training set.", options => options.Pictures, (options, value) =>
            options with { Pictures = value }),
        Number("--epochs", "Passes over it.", options => options.Epochs, (options, value) => options with { Epochs = value }),
        new BenchmarkParameter<double>("--example-rate", "The learning rate of PyTorch's example in its second training.", "RATE",
            options => options.ExampleRate, (options, value) => options with { ExampleRate = value }),
        Number("--labelled", "Pictures with labels to train the SVM on.", options => options.Labelled, (options, value) =>
            options with { Labelled = value }),
        new BenchmarkParameter<string[]>("--set",
            "Options as DcganEstimator.Options has them, as often as you like; flags are joined by +; a wrong name prints all.",
                "NAME=VALUE,...",
            options => [.. options.Settings], (options, value) => options with { Settings = value }),
        Text("--data", "Fashion-MNIST 32x32, or emoji or the demo's faces 64x64.", "fashion|colour|faces", options => options.Data,
            (options, value) => options with { Data = value }, PictureSet.Fashion, PictureSet.Colour, PictureSet.Faces),
        new BenchmarkParameter<bool>("--resnet", "Measure distances in ResNet18's features, too: some 15 pictures a second.", "true|false",
            options => options.Network, (options, value) => options with { Network = value }),
        Text("--out", "Where files are left.", "DIR", options => options.Output, (options, value) => options with { Output = value }),
        Number("--count", "Images of the large set.", options => options.Count, (options, value) => options with { Count = value }),
        Text("--cache", "Where its file is made.", "DIR", options => options.CacheFolder, (options, value) =>
            options with { CacheFolder = value }),
        Number("--samples", "Samples of each set.", options => options.Samples, (options, value) => options with { Samples = value }),
        Number("--features", "Numbers of each sample.", options => options.Features, (options, value) => options with { Features = value }),
        Text("--folder", "The PNG files.", "DIR", options => options.Folder, (options, value) => options with { Folder = value }),
        Text("--model", "The model; service makes one by default.", "FILE", options => options.Model, (options, value) =>
            options with { Model = value }),
        Number("--inverted", "Pictures whose noise is looked for.", options => options.Inverted, (options, value) =>
            options with { Inverted = value }),
        Number("--clients", "Clients at once.", options => options.Clients, (options, value) => options with { Clients = value }),
        Number("--seconds", "How long they ask.", options => options.Seconds, (options, value) => options with { Seconds = value }),
        new BenchmarkParameter<double>("--hostile", "The share of clients that are hostile.", "SHARE", options => options.Hostile,
            (options, value) => options with { Hostile = value }),
        Text("--python", "A Python with PyTorch.", "FILE", options => options.Python, (options, value) => options with { Python = value }),
        Text("--scripts", "The scripts for it.", "DIR", options => options.Scripts, (options, value) => options with { Scripts = value }),
    ];

    /// <param name="name">What it is called by.</param>
    /// <param name="description">What it measures.</param>
    /// <param name="run">Measures; returns a ratio, if there is one.</param>
    /// <param name="parameters">The options that it heeds, separated by blanks; SEED: seeds may be named one by one.</param>
    /// <param name="defaults">What they are by default, by what is trained on. Default null: as everywhere.</param>
    public static Command Command(string name, string description, Func<BenchmarkOptions, double?> run, string parameters,
        Func<string, BenchmarkOptions>? defaults = null)
    {
        defaults ??= _ => new BenchmarkOptions();
        var command = new Command(name, description);
        string[] heeded = parameters.Split(' ');
        var seeds = new Argument<int[]>("SEED")
        {
            Description = "Seeds of trainings, in place of --seeds.",
            Arity = ArgumentArity.ZeroOrMore
        };
        if (heeded.Contains(seeds.Name))
            command.Arguments.Add(seeds);
        Func<ParseResult, BenchmarkOptions, BenchmarkOptions>[] readers =
            [.. _parameters.Where(parameter => heeded.Contains(parameter.Name))
                .Select(parameter => parameter.AddTo(command, defaults(PictureSet.Fashion)))];
        command.SetAction(parsed =>
        {
            BenchmarkOptions options = defaults(heeded.Contains("--data") ? parsed.GetRequiredValue<string>("--data") : "");
            if (heeded.Contains(seeds.Name))
                options = options with { NamedSeeds = parsed.GetValue(seeds) ?? [] };
            options = readers.Aggregate(options, (read, reader) => reader(parsed, read));

            Console.WriteLine($"machine: {Machine.Describe()}");
            foreach (string variable in Machine.Variables())
                Console.WriteLine($"environment: {variable}");
            if (run(options) is double ratio)
                Report.Line($"ratio {ratio:0.00}");
        });
        return command;
    }

    private static BenchmarkParameter<int> Number(string name, string help, Func<BenchmarkOptions, int> get,
        Func<BenchmarkOptions, int, BenchmarkOptions> set, int least = 1) =>
        new(name, help, "N", get, set, option => option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out int value) && value < least)
                result.AddError($"{name} takes a whole number from {least} up, not {value}");
        }));

    private static BenchmarkParameter<string> Text(string name, string help, string helpName, Func<BenchmarkOptions, string> get,
        Func<BenchmarkOptions, string, BenchmarkOptions> set, params string[] values) =>
        new(name, help, helpName, get, set, option =>
        {
            if (values.Length > 0)
                option.AcceptOnlyFromAmong(values);
        });

    private static torch.Device Device(string name) => name == "cpu" ? torch.CPU
        : torch.cuda.is_available() ? torch.CUDA
        : throw new FormatException("there is no CUDA device here");
}

internal abstract record BenchmarkParameter(string Name)
{
    /// <returns>What reads it from a command line.</returns>
    public abstract Func<ParseResult, BenchmarkOptions, BenchmarkOptions> AddTo(Command command, BenchmarkOptions defaults);
}

/// <summary>An option of the command line, and which of <see cref="BenchmarkOptions"/> it is.</summary>
internal sealed record BenchmarkParameter<T>(string Name, string Help, string HelpName, Func<BenchmarkOptions, T> Get,
    Func<BenchmarkOptions, T, BenchmarkOptions> Set, Action<Option<T>>? Restrict = null) : BenchmarkParameter(Name)
{
    public override Func<ParseResult, BenchmarkOptions, BenchmarkOptions> AddTo(Command command, BenchmarkOptions defaults)
    {
        var option = new Option<T>(Name) { Description = Help, HelpName = HelpName, DefaultValueFactory = _ => Get(defaults) };
        Restrict?.Invoke(option);
        command.Options.Add(option);
        return (parsed, options) => parsed.GetResult(option) is { Implicit: false } ? Set(options, parsed.GetRequiredValue(option))
            : options;
    }
}
