using TorchSharp;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>This library against all others, of which the last is PyTorch's official example on the same libtorch.</summary>
internal static class Contest
{
    /// <returns>This library's speed over the example's, in training.</returns>
    public static double Step(BenchmarkOptions options) => Run(options, Bounds(options), comparison =>
        comparison.Run($"training, {options.Steps} steps a turn", options.Batch * options.Steps, contender =>
            contender.Train(options.Steps)));

    /// <returns>The same in generating a batch at a time.</returns>
    public static double Generate(BenchmarkOptions options) => Run(options, [], comparison =>
    {
        comparison.Run("generating one at a time, 100 a turn", 100, contender => contender.Generate(1, 100));
        return comparison.Run($"generating {options.Batch} at a time, {options.Steps} batches a turn", options.Batch * options.Steps,
            contender => contender.Generate(options.Batch, options.Steps));
    });

    public static double All(BenchmarkOptions options)
    {
        Step(options);
        return Generate(options);
    }

    // What no step is faster than, as long as it leaves its convolutions to libtorch.
    private static IEnumerable<IContender> Bounds(BenchmarkOptions options)
    {
        var convolutions = new StepConvolutions(options);
        yield return convolutions;
        if (options.Device.type == DeviceType.CPU)
            yield return new StepArithmetic(convolutions.Operations, options.Threads);
    }

    private static double Run(BenchmarkOptions options, IEnumerable<IContender> bounds, Func<Comparison, IReadOnlyList<double>> run)
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
}
