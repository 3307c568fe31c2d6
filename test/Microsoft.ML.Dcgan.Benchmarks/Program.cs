using System.Globalization;
using Microsoft.ML.Dcgan.Benchmarks;
using TorchSharp;

try
{
    if (args.Length == 0 || args.Contains("--help") || args.Contains("-h"))
    {
        Console.WriteLine(BenchmarkOptions.Help);
        return 0;
    }

    if (args[0] == KilledRuns.Victim)
    {
        KilledRuns.Train(args[1]);
        return 0;
    }

    BenchmarkOptions options = BenchmarkOptions.Parse(args[0], args.Skip(1).ToArray());
    Console.WriteLine($"machine: {Machine.Describe()}");
    foreach (string variable in Machine.Variables())
        Console.WriteLine($"environment: {variable}");

    double? ratio = args[0] switch
    {
        "step" => Step(options),
        "generate" => Generate(options),
        "files" => FilesToEpoch.Run(options),
        "precision" => PrecisionQuality.Run(options),
        BenchmarkOptions.Quality => ExampleQuality.Run(options),
        "options" => OptionQuality.Run(options),
        "small" => SmallSet.Run(options),
        "conditional" => ConditionalAccuracy.Run(options),
        "features" => FeatureQuality.Run(options),
        "realness" => RealnessQuality.Run(options),
        "memory" => LargeSet.Run(options),
        "killed" => KilledRuns.Run(options),
        "metrics" => MetricsCost.Run(options),
        "distortions" => Distortions.Run(options),
        "health" => HealthRuns.Run(options),
        "latent" => LatentSpace.Run(options),
        "web" => WebLoad.Run(options),
        "all" => All(options),
        _ => throw new FormatException($"there is no benchmark '{args[0]}'"),
    };
    if (ratio != null)
        Console.WriteLine(FormattableString.Invariant($"ratio {ratio:0.00}"));
    return 0;
}
catch (FormatException wrong)
{
    Console.Error.WriteLine($"bench: {wrong.Message}");
    Console.Error.WriteLine(BenchmarkOptions.Help);
    return 2;
}

static double Step(BenchmarkOptions options) => Compare(options, Bounds(options), comparison =>
    comparison.Run($"training, {options.Steps} steps a turn", options.Batch * options.Steps, contender => contender.Train(options.Steps)));

static double Generate(BenchmarkOptions options) => Compare(options, [], comparison =>
{
    comparison.Run("generating one at a time, 100 a turn", 100, contender => contender.Generate(1, 100));
    return comparison.Run($"generating {options.Batch} at a time, {options.Steps} batches a turn", options.Batch * options.Steps,
        contender => contender.Generate(options.Batch, options.Steps));
});

static double All(BenchmarkOptions options)
{
    Step(options);
    return Generate(options);
}

// What no step is faster than.
static IEnumerable<IContender> Bounds(BenchmarkOptions options)
{
    var convolutions = new StepConvolutions(options);
    yield return convolutions;
    if (options.Device.type == DeviceType.CPU)
        yield return new StepArithmetic(convolutions.Operations, options.Threads);
}

// The last of the contenders is PyTorch's official example on the same libtorch, and what is returned is the ratio to it.
static double Compare(BenchmarkOptions options, IEnumerable<IContender> bounds, Func<Comparison, IReadOnlyList<double>> run)
{
    var contenders = new List<IContender>();
    try
    {
        Console.WriteLine($"{options.Size}x{options.Size}x{options.Channels}, batch {options.Batch}, {options.Maps} feature maps");
        contenders.Add(new Library(options));
        contenders.AddRange(bounds);
        contenders.Add(new RawLoop(options));
        if (PyTorch.IsInstalled(options))
            contenders.AddRange(PyTorch.All(options));
        else
            Console.WriteLine($"{options.Python} has no PyTorch: it is left out");
        contenders.Add(new ExampleLoop(options));
        foreach (IContender contender in contenders)
            Console.WriteLine($"{contender.Name}: {contender.Details}");
        return run(new Comparison(contenders, options.Rounds))[^1];
    }
    finally
    {
        contenders.ForEach(contender => contender.Dispose());
    }
}
